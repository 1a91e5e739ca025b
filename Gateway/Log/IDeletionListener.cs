namespace Gateway.Log;

/// <summary>Is told of sessions that the log no longer has.</summary>
internal interface IDeletionListener
{
    /// <summary>These sessions have been deleted.</summary>
    void OnDeleted(IReadOnlyCollection<string> sessionIds);
}

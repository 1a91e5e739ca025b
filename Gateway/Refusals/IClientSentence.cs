namespace Gateway.Refusals;

/// <summary>An exception that knows what a client may be told of it.</summary>
internal interface IClientSentence
{
    /// <summary>The sentence; null: the usual one of its code.</summary>
    string? ForClients { get; }
}

namespace Gateway.Engine;

/// <summary>A place among the calls of a model, or one's turn in the line for it.</summary>
internal sealed class CallPlace(CallPlaces places, string model, string session, Action wake) : IDisposable
{
    private volatile bool _isGranted;

    /// <summary>The name of the model.</summary>
    public string Model => model;

    /// <summary>The session whose call it is for.</summary>
    public string Session => session;

    /// <summary>Whether the call may be under way.</summary>
    public bool IsGranted
    {
        get => _isGranted;
        set => _isGranted = value;
    }

    /// <summary>Its turn in the line; null when it stands in none. Changed under the lock of the places.</summary>
    public LinkedListNode<CallPlace>? Turn { get; set; }

    /// <summary>What it counts in the minute of its model; null when that is nothing, or final. Changed under the lock of the places.</summary>
    public MinuteWindow.Use? Use { get; set; }

    /// <summary>Whether its call has begun. Changed under the lock of the places.</summary>
    public bool HasBegun { get; set; }

    /// <summary>The call begins, and reads about so many tokens.</summary>
    public void Begin(long tokens) => places.Begin(this, tokens);

    /// <summary>The call has read and written so many tokens; 0: nobody knows.</summary>
    public void End(long tokens) => places.End(this, tokens);

    /// <summary>Lends the place to others while the session is paused, or takes it again.</summary>
    /// <remarks>A pause may last for days. The call goes on at once afterwards, so its model may then have one call more than it should.</remarks>
    public void Lend(bool lent)
    {
        if (!lent) places.Retake(this);
        else if (IsGranted) places.Leave(this);
    }

    /// <summary>Tells that the place is granted.</summary>
    public void Wake() => wake();

    /// <summary>Gives the place back, or leaves the line.</summary>
    public void Dispose() => places.Leave(this);
}

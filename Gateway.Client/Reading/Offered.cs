namespace Gateway.Client.Reading;

/// <summary>What a reader did with an event.</summary>
internal enum Offered
{
    /// <summary>Taken; or dropped, because the reader has the event already or takes none at the moment.</summary>
    Handled,

    /// <summary>Events before it are missing.</summary>
    Gap,

    /// <summary>The reader has a part of this merged event and needs the rest: the gateway must cut the event.</summary>
    Overlap,

    /// <summary>The buffer is full; the reader takes no more until it is drained.</summary>
    Full,

    /// <summary>The event was the session's last one; the reader needs no more.</summary>
    Finished,
}

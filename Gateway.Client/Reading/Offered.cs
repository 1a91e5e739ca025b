namespace Gateway.Client.Reading;

/// <summary>What a reader did with an event.</summary>
internal enum Offered
{
    /// <summary>Taken, or dropped because the reader has it already or is not taking any at the moment.</summary>
    Handled,

    /// <summary>Events before it are missing.</summary>
    Gap,

    /// <summary>The reader has the first part of it already, and not the rest: the gateway is to cut it.</summary>
    Overlap,

    /// <summary>The buffer is full; the reader takes no more until it is drained.</summary>
    Full,

    /// <summary>It was the session's last event; the reader needs no more.</summary>
    Finished,
}

namespace Gateway.Benchmarks.Conformance.Messages;

/// <summary>How messages follow each other on the way to a client, and how an event stands in one.</summary>
internal abstract class MessageFormat
{
    /// <summary>The name of an event, and of a hub method, that no version of the contract has.</summary>
    protected const string UnknownEvent = "node:teleported";

    /// <summary>Takes the first whole message off.</summary>
    /// <param name="bytes">What has arrived; what is left of it.</param>
    /// <param name="message">The message, with whatever delimits it.</param>
    /// <returns>False: more bytes are needed.</returns>
    public abstract bool TryTake(ref ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> message);

    /// <summary>The event in a message; null when it is something else.</summary>
    public abstract EventFrame? Read(ReadOnlyMemory<byte> message);

    /// <summary>The same message with a changed event.</summary>
    public abstract ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> message, FrameChange change);

    /// <summary>Messages that a client cannot read, and must survive.</summary>
    public abstract IEnumerable<ReadOnlyMemory<byte>> Garbage(ReadOnlyMemory<byte> message, EventFrame frame);

    /// <summary>A message with an event that no client knows.</summary>
    public abstract ReadOnlyMemory<byte> Unknown(ReadOnlyMemory<byte> message, EventFrame frame);
}

namespace Gateway.Delivery;

/// <summary>A frame of the connection's own on its way out: a reply, a ping, a close frame.</summary>
internal sealed class OutgoingFrame(ReadOnlyMemory<byte> bytes, FrameKind kind)
{
    private TaskCompletionSource? _waiter;

    /// <summary>The whole frame.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>What it means for the frames around it.</summary>
    public FrameKind Kind { get; } = kind;

    /// <summary>Whether the system has taken it.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>Completes when it is written; asked for under the sender's lock.</summary>
    public Task Task => (_waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>It is written.</summary>
    public void Complete()
    {
        IsWritten = true;
        _waiter?.TrySetResult();
    }

    /// <summary>It will never be written.</summary>
    public void Fail(Exception exception)
    {
        _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiter.TrySetException(exception);
    }
}

namespace Gateway.Delivery;

/// <summary>A frame of the connection's own on its way out.</summary>
internal sealed class ControlWrite(ReadOnlyMemory<byte> frame)
{
    private TaskCompletionSource? _waiter;

    public ReadOnlyMemory<byte> Frame { get; } = frame;

    public bool IsWritten { get; private set; }

    /// <summary>Completes when it is written; asked for under the sender's lock.</summary>
    public Task Task => (_waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Complete()
    {
        IsWritten = true;
        _waiter?.TrySetResult();
    }

    public void Fail(Exception exception)
    {
        _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiter.TrySetException(exception);
    }
}

namespace Gateway.Engine;

/// <summary>A command on its way through a session's loop, with its answer.</summary>
internal sealed class SessionRequest(EngineInput input)
{
    private readonly TaskCompletionSource<long?> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is asked.</summary>
    public EngineInput Input { get; } = input;

    /// <summary>Completes when the effect is in the log, with the seq of its last event; with null when the session ended before it could be considered; fails when it is refused.</summary>
    public Task<long?> Answer => _reply.Task;

    /// <summary>Answers that it was done.</summary>
    /// <param name="seq">The event after which nothing of it is to come.</param>
    public void Done(long seq) => _reply.TrySetResult(seq);

    /// <summary>Answers that the session ended before it could be considered.</summary>
    public void Late() => _reply.TrySetResult(null);

    /// <summary>Refuses it.</summary>
    public void Refuse(Exception reason) => _reply.TrySetException(reason);
}

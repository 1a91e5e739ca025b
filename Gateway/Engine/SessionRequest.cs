namespace Gateway.Engine;

/// <summary>A command on its way through a session's loop, with its answer.</summary>
internal sealed class SessionRequest(EngineInput input)
{
    private readonly TaskCompletionSource<bool> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is asked.</summary>
    public EngineInput Input { get; } = input;

    /// <summary>Completes when the effect is in the log, with false when the session ended before it could be considered; fails when it is refused.</summary>
    public Task<bool> Answer => _reply.Task;

    /// <summary>Answers that it was done.</summary>
    public void Done() => _reply.TrySetResult(true);

    /// <summary>Answers that the session ended before it could be considered.</summary>
    public void Late() => _reply.TrySetResult(false);

    /// <summary>Refuses it.</summary>
    public void Refuse(Exception reason) => _reply.TrySetException(reason);
}

using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>A command on its way through a session's loop, with its answer.</summary>
internal sealed class SessionRequest(EngineInput? input)
{
    private readonly TaskCompletionSource<Reply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is asked; null asks for a snapshot.</summary>
    public EngineInput? Input { get; } = input;

    /// <summary>Completes when the effect is in the log; fails when the request is refused.</summary>
    public Task<Reply> Answer => _reply.Task;

    /// <summary>Answers that it was done.</summary>
    public void Done(SessionSnapshot? snapshot = null) => _reply.TrySetResult(new Reply(true, snapshot));

    /// <summary>Answers that the session ended before it could be considered.</summary>
    public void Late() => _reply.TrySetResult(new Reply(false, null));

    /// <summary>Refuses it.</summary>
    public void Refuse(Exception reason) => _reply.TrySetException(reason);

    /// <summary>Whether the request was considered, and the snapshot when one was asked for.</summary>
    public readonly record struct Reply(bool Considered, SessionSnapshot? Snapshot);
}

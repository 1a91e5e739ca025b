using System.Collections.Concurrent;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Tests.Doors.Http;

/// <summary>Records the commands it gets; starts are kept in the log, as every host does.</summary>
public sealed class FakeSessionHost(ISessionLog log) : ISessionHost
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public ConcurrentQueue<SessionHeader> Started { get; } = new();

    /// <summary>What every command is refused with while it is set.</summary>
    public Exception? Fault { get; set; }

    public async Task<long> StartAsync(SessionHeader header, CancellationToken cancellationToken)
    {
        Record("start");
        var existing = await log.CreateAsync(header, cancellationToken);
        if (existing is null) Started.Enqueue(header);
        else if (existing.Fingerprint != header.Fingerprint) throw new GatewayException(ErrorCode.SessionExists, $"Session '{header.SessionId}' exists with other content.");
        return 3;
    }

    public async Task<long?> FindStartedAsync(string sessionId, string fingerprint, CancellationToken cancellationToken) =>
        await log.FindAsync(sessionId, cancellationToken) is { } entry && entry.Header.Fingerprint == fingerprint ? entry.LastSeq : null;

    public Task<long> SendAsync(string sessionId, ISessionCommand command, string? by, CancellationToken cancellationToken)
    {
        Record(command switch
        {
            PauseSession => $"pause {sessionId}",
            ResumeSession => $"resume {sessionId}",
            CancelSession => $"cancel {sessionId}",
            UserInput input => $"input {sessionId} {input.Content} {input.PromptId} {input.NodeId}".TrimEnd(),
            _ => throw new ArgumentException($"An unknown command: {command}.", nameof(command)),
        });
        return Task.FromResult(4L);
    }

    public Task<SessionSnapshot> GetSnapshotAsync(string sessionId, CancellationToken cancellationToken)
    {
        Record($"snapshot {sessionId}");
        return Task.FromResult(new SessionSnapshot
        {
            SessionId = sessionId,
            WorkflowId = "quick-answer",
            Status = SessionStatus.Running,
            LastSeq = 3,
            CreatedAt = new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc),
            Nodes = new Dictionary<string, NodeSnapshot> { ["answer"] = new() { Status = NodeStatus.Running, Text = "Grüße, 世界 & <you>" } },
            UserMessages = [],
            HeldInputs = [],
            Totals = Totals.Zero,
        });
    }

    private void Record(string call)
    {
        if (Fault is not null) throw Fault;
        Calls.Enqueue(call);
    }
}

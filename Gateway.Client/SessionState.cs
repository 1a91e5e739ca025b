using Gateway.Client.Stores;
using Gateway.Contracts;

namespace Gateway.Client;

/// <summary>Where a session stands at one of its events; it does not change any more.</summary>
public sealed record SessionState
{
    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The last event that is in it; 0 before the first.</summary>
    public required long LastSeq { get; init; }

    /// <summary>One of <see cref="SessionStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it stands still, when it does; one of <see cref="Contracts.PauseReason"/>.</summary>
    public string? PauseReason { get; init; }

    /// <summary>The nodes at work or waiting for a user, in the order in which they began.</summary>
    public required IReadOnlyList<string> ActiveNodes { get; init; }

    /// <summary>The questions that wait for a user, the longest-waiting first.</summary>
    public required IReadOnlyList<Prompt> OpenPrompts { get; init; }

    /// <summary>What it has consumed.</summary>
    public required Totals Totals { get; init; }

    /// <summary>The text that reached the end, once it did.</summary>
    public string? Output { get; init; }

    /// <summary>The last error.</summary>
    public string? Error { get; init; }

    /// <summary>The stable code of <see cref="Error"/>, one of <see cref="Contracts.ErrorCode"/>.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Whether the session has ended.</summary>
    public bool IsOver => SessionStatus.IsFinal(Status);

    internal static SessionState Of(string sessionId, WorkflowRunStore run) => new()
    {
        SessionId = sessionId,
        LastSeq = run.LastSeq,
        Status = run.Status,
        PauseReason = run.PauseReason,
        ActiveNodes = [.. run.ActiveNodes.Select(node => node.Id)],
        OpenPrompts = [.. run.OpenPrompts.Select(node => node.Prompt).OfType<Prompt>()],
        Totals = run.Totals,
        Output = run.Output,
        Error = run.Error,
        ErrorCode = run.ErrorCode,
    };
}

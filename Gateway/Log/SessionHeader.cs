using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>What a session was started with; kept beside its log and never changed.</summary>
public sealed record SessionHeader
{
    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The workflow it runs.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>The workflow's definition as it was at the start; editing a file never changes a running session.</summary>
    public required WorkflowDefinition Workflow { get; init; }

    /// <summary>The input as the agents see it.</summary>
    public required string Input { get; init; }

    /// <summary>The input's members, when it was an object; templates read them.</summary>
    public JsonElement? InputMembers { get; init; }

    /// <summary>Fingerprint of what the client asked for; tells a repeated start from another one with the same id.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What it was forked from, whose history up to there is the beginning of its own; null when it was started.</summary>
    public SessionOrigin? ForkedFrom { get; init; }

    /// <summary>When it was started, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}

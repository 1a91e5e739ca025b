using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>What an append changes about one prompt of its session.</summary>
public sealed record PromptChange
{
    /// <summary>The prompt, by its name within the session.</summary>
    public required string PromptId { get; init; }

    /// <summary>The node that asks; null when the session itself does.</summary>
    public string? NodeId { get; init; }

    /// <summary>The event that tells of it.</summary>
    public required long Seq { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>What is asked from now on; null: it waits no more.</summary>
    public Prompt? Prompt { get; init; }

    /// <summary>Why it waits no more, one of <see cref="PromptOutcome"/>; null while it waits.</summary>
    public string? Outcome { get; init; }

    /// <summary>The name of who answered it; null when the gateway does not know it.</summary>
    public string? By { get; init; }
}

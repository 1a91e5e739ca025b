using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>What a node asks of a user, and what an answer must be.</summary>
/// <param name="Text">The question to show.</param>
public sealed record Question(string Text)
{
    /// <summary>What kind of decision is asked for, one of <see cref="PromptKind"/>; null: a review of a workflow.</summary>
    public string? Kind { get; init; }

    /// <summary>Tells this question from others that the node asks, within one round; letters, digits, <c>-</c> and <c>_</c>. Null: it asks one.</summary>
    public string? Key { get; init; }

    /// <summary>What can be chosen; without any, the answer is free.</summary>
    public IReadOnlyList<PromptAction> Actions { get; init; } = [];

    /// <summary>A JSON Schema that the data of an answer fits; null: any.</summary>
    /// <remarks>One that this gateway does not support is shown to users and checks nothing; the node's kind may check by itself.</remarks>
    public JsonElement? Schema { get; init; }

    /// <summary>What is decided about, as JSON; null when the text says it all.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Who is to answer, by name; without any, anybody.</summary>
    public IReadOnlyList<string> Assignees { get; init; } = [];

    /// <summary>After which time who is to answer is reminded; null: never.</summary>
    public TimeSpan? RemindIn { get; init; }

    /// <summary>After which time it is too late for an answer; null: never.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>What users are told follows when nobody has answered by then; null when nothing is told.</summary>
    public string? OnExpiry { get; init; }
}

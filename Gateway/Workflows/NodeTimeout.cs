using Gateway.Contracts;
using Gateway.Settings;

namespace Gateway.Workflows;

/// <summary>How long the work of a node may take.</summary>
/// <param name="Total">A try of it; null: as long as it takes.</param>
/// <param name="FirstToken">The time to its model's first word; null: as the model's settings say.</param>
/// <param name="Idle">The silence of its model afterwards; null: as the model's settings say.</param>
internal readonly record struct NodeTimeout(TimeSpan? Total, TimeSpan? FirstToken, TimeSpan? Idle)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    /// <summary>What a node says; nothing where it says nothing.</summary>
    public static NodeTimeout Of(NodeDefinition node) => node.Timeout is not { } timeout ? default : new(Read(timeout.Total), Read(timeout.FirstToken), Read(timeout.Idle));

    /// <summary>Reads a time; null where there is none.</summary>
    public static TimeSpan? Read(string? text) => text is not null && Duration.TryParse(text, out var time) ? time : null;

    /// <summary>Reports what is wrong with the <c>timeout</c> of a node of a type.</summary>
    public static void Check(NodeCheck check, NodeRules rules)
    {
        if (check.Definition.Timeout is not { } timeout) return;
        var type = check.Definition.Type;
        if (!HasTotal(rules))
        {
            check.Report("timeout", rules.Prompt == KeyUse.Required
                ? $"A node of type '{type}' waits for a person; say 'expires_in' in its 'with'."
                : $"A node of type '{type}' calls nobody, so it takes no time; take it out.");
            return;
        }

        if (rules.Work != WorkUse.Model)
        {
            foreach (var (key, value) in new[] { ("first_token", timeout.FirstToken), ("idle", timeout.Idle) })
            {
                if (value is not null) check.Report($"timeout.{key}", $"A node of type '{type}' asks no model; say 'total'.");
            }
        }

        CheckValues(check.Report, "timeout", timeout);
    }

    /// <summary>Whether the nodes of a type can take a time of their own.</summary>
    public static bool HasTotal(NodeRules rules) => rules.Work != WorkUse.None || rules.Repeats || rules.Maps || rules.Nests;

    /// <summary>Reports what is wrong with the values of a <c>timeout</c>, wherever it stands.</summary>
    public static void CheckValues(Action<string, string> report, string key, TimeoutPolicy timeout)
    {
        foreach (var (name, value) in new[] { ("total", timeout.Total), ("first_token", timeout.FirstToken), ("idle", timeout.Idle) })
        {
            if (value is not null && !(Read(value) is { } time && time > TimeSpan.Zero && time <= s_longest)) report($"{key}.{name}", "Expected a time of at most 366 days, such as 500ms, 30s, 10m or 2h.");
        }
    }
}

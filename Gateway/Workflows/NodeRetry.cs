using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>When the work of a node is tried again.</summary>
/// <param name="Max">How often.</param>
/// <param name="Backoff">The wait before the first retry.</param>
/// <param name="Jitter">By which share a wait may differ.</param>
/// <param name="On">For which failures; null: for all that may pass.</param>
/// <param name="Restart">Whether also after a part of the answer has been shown.</param>
internal sealed record NodeRetry(int Max, TimeSpan Backoff, double Jitter, IReadOnlyList<string>? On, bool Restart)
{
    /// <summary>The longest wait; who is asked to wait longer gives up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private const int MostRetries = 10;
    private const int DefaultRetries = 3;
    private const double DefaultJitter = 0.25;

    private static readonly TimeSpan DefaultBackoff = TimeSpan.FromSeconds(1);
    private static readonly string[] OfTools = [ErrorCode.ToolFailed, ErrorCode.ToolTimeout, ErrorCode.ToolUnavailable, ErrorCode.NodeTimeout];
    private static readonly string[] OfModels = [ErrorCode.ModelError, ErrorCode.ModelTimeout, ErrorCode.NodeTimeout, ErrorCode.ToolUnavailable];

    /// <summary>What a node says; null where it says nothing.</summary>
    public static NodeRetry? Of(NodeDefinition node) => node.Retry is not { } retry ? null : new NodeRetry(
        retry.Max ?? DefaultRetries,
        NodeTimeout.Read(retry.Backoff) ?? DefaultBackoff,
        retry.Jitter ?? DefaultJitter,
        retry.On,
        retry.Restart == true);

    /// <summary>Whether a failure with this code is one to try again after.</summary>
    public bool Takes(string code) => On?.Contains(code) ?? (OfModels.Contains(code) || OfTools.Contains(code));

    /// <summary>The wait before a retry.</summary>
    /// <param name="number">Which retry, from 1.</param>
    /// <param name="chance">From 0 to 1: how the wait differs from that of others.</param>
    /// <param name="asked">For how long a provider asks to be left alone; it is not asked any sooner.</param>
    /// <returns>Null when nobody waits so long.</returns>
    public TimeSpan? WaitBefore(int number, double chance, TimeSpan? asked)
    {
        if (asked > LongestWait) return null;
        var seconds = Backoff.TotalSeconds * Math.Pow(2, number - 1) * (1 + (Jitter * ((2 * chance) - 1)));
        var wait = TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds));
        return asked > wait ? asked : wait;
    }

    /// <summary>Reports what is wrong with the <c>retry</c> of a node of a type.</summary>
    public static void Check(NodeCheck check, NodeRules rules)
    {
        if (check.Definition.Retry is not { } retry) return;
        if (rules.Work == WorkUse.None)
        {
            check.Report("retry", rules.Repeats || rules.Maps || rules.Nests
                ? $"A node of type '{check.Definition.Type}' is not tried again as a whole; give the nodes of its body a 'retry'."
                : $"A node of type '{check.Definition.Type}' calls nobody, so there is nothing to try again; take it out.");
            return;
        }

        CheckValues(check.Report, "retry", retry, rules.Work == WorkUse.Model ? OfModels : OfTools);
    }

    /// <summary>Reports what is wrong with the values of a <c>retry</c>, wherever it stands.</summary>
    /// <param name="report">Takes a key and what is wrong there.</param>
    /// <param name="key">The key that it stands under.</param>
    /// <param name="retry">The values.</param>
    /// <param name="codes">The failures that can be named; null: those of every type.</param>
    public static void CheckValues(Action<string, string> report, string key, RetryPolicy retry, IReadOnlyList<string>? codes = null)
    {
        codes ??= [.. OfModels.Union(OfTools)];
        if (retry.Max is < 0 or > MostRetries) report($"{key}.max", $"Expected a whole number from 0 to {MostRetries}.");
        if (retry.Jitter is { } jitter && !(jitter is >= 0 and <= 1)) report($"{key}.jitter", "Expected a number from 0 to 1, the share by which a wait may differ.");
        if (retry.Backoff is { } backoff && !(NodeTimeout.Read(backoff) is { } first && first >= TimeSpan.Zero && first <= LongestWait)) report($"{key}.backoff", "Expected a time of at most an hour, such as 500ms, 2s or 1m.");
        if (retry.On is not { } on) return;
        if (on.Count == 0) report($"{key}.on", $"There is no failure in the list; name some of {string.Join(", ", codes)}, or take it out.");
        foreach (var (index, code) in on.Take(codes.Count + 1).Index())
        {
            if (!codes.Contains(code)) report($"{key}.on[{index}]", $"'{Naming.Show(code)}' is no failure that is tried again here; name some of {string.Join(", ", codes)}.");
            else if (on.Take(index).Contains(code)) report($"{key}.on[{index}]", $"'{code}' stands here twice; keep one.");
        }
    }

    /// <summary>Adds to the schema of a <c>retry</c> what its types do not say.</summary>
    public static void Describe(JsonObject retry)
    {
        var properties = retry["properties"]!;
        Bound("max", MostRetries);
        Bound("jitter", 1);
        properties["on"]!["items"] = new JsonObject { ["enum"] = new JsonArray([.. OfModels.Union(OfTools).Select(code => (JsonNode)code)]) };
        properties["on"]!["minItems"] = 1;
        properties["on"]!["uniqueItems"] = true;

        void Bound(string name, int most)
        {
            properties[name]!["minimum"] = 0;
            properties[name]!["maximum"] = most;
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>How much may be consumed; a measure that is null has no bound.</summary>
/// <param name="Tokens">Tokens read and written.</param>
/// <param name="Usd">US dollars.</param>
/// <param name="Duration">Time at work.</param>
internal readonly record struct Budget(long? Tokens, decimal? Usd, TimeSpan? Duration)
{
    private const long MostTokens = 1_000_000_000_000_000;
    private const decimal MostUsd = 1_000_000_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    /// <summary>Whether nothing is bounded.</summary>
    public bool IsNone => (Tokens, Usd, Duration) is (null, null, null);

    /// <summary>What a definition says; nothing where it says nothing, or something that is none.</summary>
    public static Budget Of(BudgetPolicy? policy) => policy is null ? default : new Budget(policy.Tokens, policy.Usd, Read(policy.Duration));

    /// <summary>Each bound of this one, higher by what the other has.</summary>
    /// <exception cref="OverflowException">One is too high to be counted.</exception>
    public Budget Plus(Budget other) => new(checked(Tokens + (other.Tokens ?? 0)), Usd + (other.Usd ?? 0), Duration + (other.Duration ?? TimeSpan.Zero));

    /// <summary>As contracts tell it.</summary>
    public BudgetPolicy ToPolicy() => new() { Tokens = Tokens, Usd = Usd, Duration = Duration is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#######}s") : null };

    /// <summary>Reports what is wrong with the budget of a node.</summary>
    public static void Check(NodeCheck check, NodeRules rules)
    {
        if (check.Definition.Budget is not { } budget) return;
        if (rules.Begins || rules.Ends) check.Report("budget", $"A node of type '{check.Definition.Type}' consumes nothing; give the budget to the workflow, or take it out.");
        else Check("budget", budget, check.Report);
    }

    /// <summary>Reports what is wrong with a budget.</summary>
    /// <param name="path">Where it stands.</param>
    /// <param name="budget">What is said.</param>
    /// <param name="report">Takes a path and what is wrong there.</param>
    public static void Check(string path, BudgetPolicy budget, Action<string, string> report)
    {
        if (budget is { Tokens: null, Usd: null, Duration: null }) report(path, "The budget bounds nothing; give it tokens, usd or duration, or take it out.");
        var read = Of(budget);
        if (budget.Tokens is not null && read.Refuse(BudgetMeasure.Tokens) is { } ofTokens) report($"{path}.tokens", ofTokens);
        if (budget.Usd is not null && read.Refuse(BudgetMeasure.Usd) is { } ofUsd) report($"{path}.usd", ofUsd);
        if (budget.Duration is not null && read.Refuse(BudgetMeasure.Duration) is { } ofDuration) report($"{path}.duration", ofDuration);
    }

    /// <summary>What a measure may be, as a sentence, where it is absent or out of bounds; null where it is within them.</summary>
    /// <param name="measure">One of <see cref="BudgetMeasure"/>.</param>
    public string? Refuse(string measure) => measure switch
    {
        BudgetMeasure.Tokens => Tokens is >= 1 and <= MostTokens ? null : $"The tokens are a whole number from 1 to {MostTokens.ToString("N0", CultureInfo.InvariantCulture)}.",
        BudgetMeasure.Usd => Usd is > 0 and <= MostUsd ? null : $"The dollars are a number above 0 and at most {MostUsd.ToString("N0", CultureInfo.InvariantCulture)}.",
        _ => Duration > TimeSpan.Zero && Duration <= s_longest ? null : "Expected a time above 0 and at most 366 days, such as 90s, 10m or 2h.",
    };

    /// <summary>Says in the JSON Schema of a budget what its measures may be.</summary>
    public static void Describe(JsonObject schema)
    {
        var measures = (JsonObject)schema["properties"]!;
        ((JsonObject)measures["tokens"]!)["minimum"] = 1;
        ((JsonObject)measures["usd"]!)["exclusiveMinimum"] = 0;
        schema["minProperties"] = 1;
    }

    private static TimeSpan? Read(string? text) => text is not null && Settings.Duration.TryParse(text, out var time) ? time : null;
}

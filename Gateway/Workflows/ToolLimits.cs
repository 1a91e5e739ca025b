namespace Gateway.Workflows;

/// <summary>How much agents may ask of tools.</summary>
internal static class ToolLimits
{
    /// <summary>The tools that one agent may name; a server counts once.</summary>
    public const int MostTools = 128;

    /// <summary>The rounds of calls where nothing is said.</summary>
    public const int DefaultRounds = 5;

    /// <summary>The most rounds of calls.</summary>
    public const int MostRounds = 50;

    /// <summary>What to say where there are too many tools.</summary>
    public static string Tools { get; } = $"An agent has at most {MostTools} tools.";

    /// <summary>What to say about another number of rounds.</summary>
    public static string Rounds { get; } = $"An agent calls tools in 0 to {MostRounds} rounds.";

    /// <summary>Whether an agent may have so many rounds of calls.</summary>
    public static bool HasRounds(int rounds) => rounds is >= 0 and <= MostRounds;
}

namespace Gateway.Workflows;

/// <summary>The names of what a budget bounds, as a definition and an answer write them.</summary>
internal static class BudgetMeasure
{
    public const string Tokens = "tokens";

    public const string Usd = "usd";

    public const string Duration = "duration";
}

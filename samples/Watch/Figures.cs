using System.Globalization;
using Gateway.Contracts;

namespace Watch;

/// <summary>Totals in words.</summary>
internal static class Figures
{
    public static string Of(Totals totals)
    {
        var cost = totals.EstimatedCostUsd > 0 || totals.CostKnown != false ? string.Create(CultureInfo.InvariantCulture, $", ${totals.EstimatedCostUsd:0.####}") : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{totals.InputTokens + totals.OutputTokens:N0} tokens{cost}");
    }
}

using System.Net;

namespace Gateway.Webhooks;

/// <summary>Reads lists of networks.</summary>
internal static class Networks
{
    /// <summary>Reads networks with commas between them.</summary>
    /// <param name="text">The list; null: none.</param>
    /// <param name="wrong">What is no network; one that has bits behind its prefix is none.</param>
    public static IReadOnlyList<IPNetwork> Parse(string? text, out IReadOnlyList<string> wrong)
    {
        List<IPNetwork> networks = [];
        List<string> rest = [];
        foreach (var part in text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (part.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(part, out var network)) networks.Add(network);
            else rest.Add(part);
        }

        wrong = rest;
        return networks;
    }
}

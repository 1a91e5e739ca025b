using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gateway.Benchmarks.Conformance.Faults;

/// <summary>What an address asks to be done to its connection.</summary>
/// <param name="Fault">What happens.</param>
/// <param name="Seed">Decides where, unless the places are named.</param>
/// <param name="At">The seqs at which it happens; empty: chance decides.</param>
/// <param name="Pause">How long nothing arrives, where the fault is that.</param>
internal sealed record FaultPlan(Fault Fault, int Seed, IReadOnlyList<long> At, TimeSpan Pause)
{
    private const long MostPlaces = 100_000;

    private static readonly string[] s_own = ["fault", "seed", "at", "ms"];

    /// <summary>Reads it from a query.</summary>
    /// <param name="query">The query of a request.</param>
    /// <param name="seed">The seed where the query has none.</param>
    /// <param name="plan">What is asked for.</param>
    /// <param name="mistake">What is wrong, as a sentence, when it is not understood.</param>
    public static bool TryRead(IQueryCollection query, int seed, [NotNullWhen(true)] out FaultPlan? plan, [NotNullWhen(false)] out string? mistake)
    {
        (plan, mistake) = (null, null);
        var name = query["fault"].ToString();
        if (Fault.Find(name.Length == 0 ? Fault.None.Name : name) is not { } fault)
        {
            mistake = $"There is no fault '{name}'; there are {string.Join(", ", Fault.All.Select(known => known.Name))}.";
            return false;
        }

        if (query["seed"].ToString() is { Length: > 0 } given && !int.TryParse(given, CultureInfo.InvariantCulture, out seed)) mistake = $"'seed' is a whole number; it is '{given}'.";
        if (!TryNumber(query["ms"].ToString(), 3000, out var pause) || pause > 600_000) mistake = "'ms' is a number of milliseconds up to 600000.";
        var at = new List<long>();
        foreach (var place in query["at"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = place.Split('-');
            if (ends.Length <= 2 && TryNumber(ends[0], 0, out var first) && TryNumber(ends[^1], 0, out var last) && last - first < MostPlaces) at.AddRange(Enumerable.Range(0, (int)(last - first + 1)).Select(step => first + step));
            else mistake = "'at' is a list of seqs, such as 17,40 or 1-200.";
        }

        if (mistake is not null) return false;
        plan = new FaultPlan(fault, seed, [.. at.Order()], TimeSpan.FromMilliseconds(pause));
        return true;
    }

    /// <summary>The query without what is meant for the kit.</summary>
    public static QueryString Without(IQueryCollection query) => QueryString.Create(query.Where(pair => !s_own.Contains(pair.Key, StringComparer.Ordinal)));

    private static bool TryNumber(string text, long absent, out long number)
    {
        number = absent;
        return text.Length == 0 || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 0);
    }
}

using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>What a provider says one answer consumed.</summary>
/// <remarks>
/// Reports are running totals: the last figure counts, and none is added to another. A figure that is missing or 0 is a
/// hole, since no question and no text has 0 tokens; the engine estimates in its place.
/// </remarks>
internal struct ReportedUsage
{
    private long? _input;
    private long? _output;
    private long? _total;
    private long? _cached;
    private long? _reasoning;

    /// <summary>Reads a report whose members have these names.</summary>
    public void Read(JsonElement report, string input, string output)
    {
        _input = Last(report.Count(input), _input);
        _output = Last(report.Count(output), _output);
        _total = Last(report.Count("total_tokens"), _total);

        // Parts of the two: of what was read from the provider's cache, and of what was written as reasoning.
        _cached = Last(Part(report, input, "cached_tokens") ?? report.Count("prompt_cache_hit_tokens"), _cached);
        _reasoning = Last(Part(report, output, "reasoning_tokens"), _reasoning);
    }

    /// <summary>The figures; null when there are none.</summary>
    public readonly UsageContent? ToContent()
    {
        var input = _input ?? (_total > _output ? _total - _output : null);
        var output = _output ?? (_total > _input ? _total - _input : null);
        return input is null && output is null ? null : new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output, CachedInputTokenCount = _cached, ReasoningTokenCount = _reasoning });
    }

    private static long? Part(JsonElement report, string whole, string part) => report.Has($"{whole}_details", out var details) ? details.Count(part) : null;

    private static long? Last(long? next, long? before) => next > 0 ? next : before;
}

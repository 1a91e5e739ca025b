using System.Text.Json.Nodes;
using Gateway.Benchmarks.Conformance.Faults;

namespace Gateway.Benchmarks.Conformance.Check;

/// <summary>What really happened: the session's log, and what was done to its connections.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Log">Its events, from the first.</param>
/// <param name="Texts">What each agent's node has said, as the gateway folds the log.</param>
/// <param name="Fault">Which fault was asked for.</param>
/// <param name="Played">The seqs at which it happened.</param>
/// <param name="AfterGoodbye">How many connections came after the one that said not to come back.</param>
internal sealed record SessionTruth(
    string SessionId,
    IReadOnlyList<JsonObject> Log,
    IReadOnlyDictionary<string, string> Texts,
    Fault Fault,
    IReadOnlyList<long> Played,
    int AfterGoodbye)
{
    /// <summary>The questions that the session has asked.</summary>
    public IEnumerable<string> Prompts => Log
        .Select(frame => frame["data"]?["prompt"])
        .OfType<JsonObject>()
        .Select(prompt => prompt["prompt_id"]!.GetValue<string>())
        .Distinct(StringComparer.Ordinal);
}

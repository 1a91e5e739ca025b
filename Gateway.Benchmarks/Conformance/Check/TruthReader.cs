using System.Text.Json.Nodes;
using Gateway.Benchmarks.Conformance.Faults;

namespace Gateway.Benchmarks.Conformance.Check;

/// <summary>Asks the gateway what really happened.</summary>
internal sealed class TruthReader(KitGateway gateway, FaultRuns runs) : IDisposable
{
    private const int PageEvents = 1000;
    private const int Tries = 20;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    public void Dispose() => _http.Dispose();

    /// <summary>Reads a session.</summary>
    /// <exception cref="HttpRequestException">The gateway does not know it, or is away.</exception>
    public async Task<SessionTruth> ReadAsync(string sessionId, Fault fault, CancellationToken cancellationToken)
    {
        var log = new List<JsonObject>();
        long last;
        do
        {
            var page = await AskAsync($"/api/v1/sessions/{sessionId}/events?limit={PageEvents}&after_seq={log.Count}", cancellationToken);
            log.AddRange(page["events"]!.AsArray().Select(frame => frame!.AsObject()));
            last = page["last_seq"]!.GetValue<long>();
        }
        while (log.Count < last);

        var snapshot = await AskAsync($"/api/v1/sessions/{sessionId}", cancellationToken);
        var agents = log.Where(IsAgents).Select(frame => frame["node_id"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        var texts = snapshot["nodes"]!.AsObject().Where(node => agents.Contains(node.Key)).ToDictionary(node => node.Key, node => node.Value!["text"]!.GetValue<string>());
        var run = runs.Find(sessionId, fault);
        return new SessionTruth(sessionId, log, texts, fault, run?.Played ?? [], run?.AfterGoodbye ?? 0);
    }

    // What a person answers is the text of a node, too; clients show it as words of the person.
    private static bool IsAgents(JsonObject frame) =>
        frame["event"]!.GetValue<string>() == "token_stream" && frame["node_id"] is not null && frame["data"]!["agent_id"]!.GetValue<string>() != "user";

    // The session of another client may have the gateway killed at any moment, and its next process has the same log.
    private async Task<JsonObject> AskAsync(string path, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var life = await gateway.AliveAsync(cancellationToken);
            try
            {
                return JsonNode.Parse(await _http.GetStringAsync(new Uri(life.Address, path), cancellationToken))!.AsObject();
            }
            catch (HttpRequestException lost) when (lost.StatusCode is null && tries < Tries)
            {
                // It was on its way down.
            }
        }
    }
}

using Gateway.Benchmarks.Sessions.Server;
using Gateway.Contracts;

namespace Gateway.Benchmarks.Sessions.Contenders;

/// <summary>A session that only speaks: the same events at the same pace as a gateway's.</summary>
internal static class NatsSession
{
    /// <summary>Publishes until the end.</summary>
    public static async Task RunAsync(string id, double rate, NatsPublisher publisher, CancellationToken end)
    {
        using var pace = new Pace(rate, TimeProvider.System);
        for (var seq = 1L; !end.IsCancellationRequested; seq++)
        {
            await pace.WaitAsync();
            publisher.Publish(id, EventSerializer.Serialize(new SessionEvent<TokenStream>
            {
                Seq = seq,
                Timestamp = TimeProvider.System.GetUtcNow().UtcDateTime,
                NodeId = SessionsServer.Node,
                Data = new TokenStream { SessionId = id, NodeId = SessionsServer.Node, AgentId = SessionsServer.Node, Chunk = PacedClient.Chunk, IsThinking = false },
            }));
        }
    }
}

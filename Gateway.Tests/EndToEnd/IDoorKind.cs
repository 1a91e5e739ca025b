using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

/// <summary>How a client of one kind connects.</summary>
public interface IDoorKind : IDoor
{
    /// <summary>Connects without watching anything in particular.</summary>
    static abstract Task<IDoor> ConnectAsync(GatewayFixture gateway);

    /// <summary>Connects and watches a session.</summary>
    static abstract Task<IDoor> WatchAsync(GatewayFixture gateway, string sessionId, long afterSeq = 0);
}

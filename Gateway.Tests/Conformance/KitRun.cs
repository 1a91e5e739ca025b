using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Client;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary><see cref="GatewayClient"/> with one fault.</summary>
internal static class KitRun
{
    // One session takes a second; all of them at once, on a machine that does other things, many.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    /// <summary>Takes a session to its end, and fails when the recording breaks a promise.</summary>
    public static async Task AssertKeptAsync(KitProcess kit, GatewayWire wire, string fault)
    {
        var options = new GatewayClientOptions { Wire = wire, RetryPolicy = new FixedRetry(TimeSpan.FromMilliseconds(50)), RetryFirstConnect = true };
        if (fault == "half-open") (options.HeartbeatInterval, options.HeartbeatTimeout) = (TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(700));
        var address = kit.At(wire == GatewayWire.WebSocket ? GatewayPath.WebSocket : GatewayPath.Hub, fault, "&ms=400");
        await using var client = new GatewayClient(new Uri(address), options);
        await client.ConnectAsync(TestContext.Current.CancellationToken);

        var recording = await Wait.For(ClientRecorder.RecordAsync(client, $"net-{wire}-{fault}", TestContext.Current.CancellationToken), $"the end of the session with '{fault}', {kit.Seed}", s_limit);

        await kit.AssertKeptAsync(fault, recording);
    }
}

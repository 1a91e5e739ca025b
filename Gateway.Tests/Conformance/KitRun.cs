using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Client;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary><see cref="GatewayClient"/> with one fault.</summary>
internal static class KitRun
{
    // One session takes a second; all of them at once, on a machine that does other things, many.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    /// <summary>Takes a session to its end, and fails when the recording breaks a promise.</summary>
    /// <param name="kit">The kit.</param>
    /// <param name="wire">The wire.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="more">What else the address says.</param>
    /// <param name="run">The end of the session's name.</param>
    /// <param name="line">Another way to the kit; null: straight.</param>
    /// <param name="retry">How long the client waits before it connects again; null: a little.</param>
    public static async Task AssertKeptAsync(KitProcess kit, GatewayWire wire, string fault, string more = "", string run = "", Uri? line = null, TimeSpan? retry = null)
    {
        using var log = new TestLog();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug));
        var options = new GatewayClientOptions { LoggerFactory = loggers, Wire = wire, RetryPolicy = new FixedRetry(retry ?? TimeSpan.FromMilliseconds(50)), RetryFirstConnect = true };
        if (fault == "half-open" || line is not null) (options.HeartbeatInterval, options.HeartbeatTimeout) = (TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(700));
        var address = new Uri(line ?? kit.Address, $"{(wire == GatewayWire.WebSocket ? GatewayPath.WebSocket : GatewayPath.Hub)}?fault={fault}{more}&ms=400");
        await using var client = new GatewayClient(address, options);
        await client.ConnectAsync(TestContext.Current.CancellationToken);

        var id = $"net-{wire}-{fault}{run}";
        string recording;
        try
        {
            recording = await Wait.For(ClientRecorder.RecordAsync(client, id, TestContext.Current.CancellationToken), $"the end of the session with '{fault}' on {wire}, {kit.Seed}", s_limit);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\nThe kit: {await kit.GetAsync($"/kit/runs/{id}")}\nThe session: {(await kit.StatusAsync($"/api/v1/sessions/{id}")).Text}\nThe client is {client.ConnectionState}:\n{string.Join('\n', log.Entries.TakeLast(60).Select(entry => $"{entry.Category}: {entry.Message} {entry.Exception?.Message}"))}", exception);
        }

        await kit.AssertKeptAsync(fault, recording);
    }
}

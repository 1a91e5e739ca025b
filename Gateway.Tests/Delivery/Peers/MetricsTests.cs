using System.Diagnostics.Metrics;
using Gateway.Contracts;
using Gateway.Telemetry;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>Everything counts, and is counted right.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Connections_subscriptions_events_and_bytes_are_counted_per_wire()
    {
        const int events = 100;
        await using var gateway = await PeerGateway.StartAsync();
        using var meters = new Meters(gateway);
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var peer = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}");
        await using var hub = await HubPeer.SubscribeAsync(gateway, session.Id, 0);
        await session.SayAsync(events);
        for (var i = 0; i < events; i++)
        {
            await peer.ReadSeqAsync();
            await hub.ReadSeqAsync();
        }

        // A write is counted before its sender lets go of its lock, but perhaps after its bytes have arrived.
        Assert.All(gateway.Connections().Snapshot(), sender => Assert.Equal(1, sender.SubscriptionCount));
        var read = meters.Read();

        Assert.Equal(1, read["gateway.connections{ws}"]);
        Assert.Equal(1, read["gateway.connections{hub-json}"]);
        Assert.Equal(2, read["gateway.subscriptions"]);
        Assert.Equal(1, read["gateway.feeds"]);
        Assert.Equal(events, read["gateway.delivery.events{ws}"]);
        Assert.Equal(events, read["gateway.delivery.events{hub-json}"]);
        Assert.Equal(peer.BytesRead, read["gateway.delivery.bytes{ws}"]);
        Assert.InRange(read["gateway.delivery.writes{ws}"], 1, events);
        Assert.Equal(events, read["gateway.log.events"]);
        Assert.InRange(read["gateway.log.commits"], 1, read["gateway.log.appends"]);
        Assert.Equal(0, read["gateway.delivery.lag.max"]);

        await peer.DisposeAsync();
        await hub.DisposeAsync();
        await Leftovers.AssertNoneAsync(gateway);
        read = meters.Read();
        Assert.Equal(0, read["gateway.connections{ws}"]);
        Assert.Equal(0, read["gateway.connections{hub-json}"]);
        Assert.Equal(0, read["gateway.subscriptions"]);
    }

    [Fact]
    public async Task The_lag_of_the_slowest_reader_is_seen()
    {
        const int backlog = 20_000;
        await using var gateway = await PeerGateway.StartAsync();
        using var meters = new Meters(gateway);
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var stopped = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}", 4 * 1024);
        await session.SayManyAsync(backlog);

        var lag = meters.Read()["gateway.delivery.lag.max"];

        Assert.InRange(lag, backlog / 2, backlog);
    }

    [Fact]
    public async Task The_lag_of_an_event_stream_is_seen()
    {
        const int backlog = 20_000;
        await using var gateway = await PeerGateway.StartAsync();
        using var meters = new Meters(gateway);
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var stopped = await Peer.StreamAsync(gateway, $"/api/v1/sessions/{session.Id}/events", 4 * 1024);
        await session.SayAsync(1);
        await stopped.ReadEventAsync();
        Assert.Equal(0, meters.Read()["gateway.delivery.lag.max"]);
        await session.SayManyAsync(backlog);

        var read = meters.Read();

        Assert.InRange(read["gateway.delivery.lag.max"], backlog / 2, backlog);
        Assert.Equal(read["gateway.delivery.lag.max"], read["gateway.delivery.lag.mean"]);
    }

    [Fact]
    public async Task Vanished_and_stalled_connections_and_flush_times_are_counted()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync();
        using var meters = new Meters(gateway);
        var session = await TestSession.CreateAsync(gateway.Services);
        await using (var peer = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}"))
        {
            await session.SayAsync(1);
            await peer.ReadSeqAsync();
            for (var i = 0; i < 50; i++) gateway.Watch().Look();
            Assert.Equal(Peer.Ping, (await peer.ReadFrameAsync())!.Value.Opcode);
            Assert.Null(await peer.ReadFrameAsync());
        }

        Assert.Equal(1, meters.Counted("gateway.connection.vanished"));
        Assert.Equal(0, meters.Counted("gateway.connection.stalls"));
        await Wait.For(meters.Flushed, "a flush duration");
    }

    [Fact]
    public async Task Refusals_are_counted_by_limit()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(new()
        {
            ["Gateway:Limits:MaxConnections"] = "1",
            ["Gateway:Limits:MaxSubscriptionsPerConnection"] = "1",
            ["Gateway:Limits:CommandBurst"] = "1",
        });
        using var meters = new Meters(gateway);
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var reader = await RawReader.ConnectAsync(gateway, $"/ws?session_id={session.Id}");
        await using (var other = await Peer.DialAsync(gateway)) Assert.Contains(" 503 ", await other.UpgradeAsync("/ws"), StringComparison.Ordinal);
        foreach (var code in new[] { ErrorCode.TooManySubscriptions, ErrorCode.LimitExceeded })
        {
            await reader.SendAsync("""{"cmd":"subscribe","data":{"session_id":"another"}}""");
            Assert.Equal(code, await reader.RefusalAsync());
        }

        await reader.SendAsync(new string('x', 70_000));
        Assert.Null(await reader.NextTextOrCloseAsync());

        Assert.Equal(1, meters.Counted("gateway.refusals{connections}"));
        Assert.Equal(1, meters.Counted("gateway.refusals{subscriptions}"));
        Assert.Equal(1, meters.Counted("gateway.refusals{commands}"));
        Assert.Equal(1, meters.Counted("gateway.refusals{message_bytes}"));
    }

    private sealed class Meters : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, double> _observed = [];
        private readonly Dictionary<string, double> _counted = [];
        private readonly TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Meters(GatewayFixture gateway)
        {
            var meter = gateway.Services.GetRequiredService<GatewayMetrics>().Meter;
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == meter) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
            _listener.Start();
        }

        public Task Flushed => _flushed.Task;

        public Dictionary<string, double> Read()
        {
            _listener.RecordObservableInstruments();
            lock (_gate) return new(_observed);
        }

        public double Counted(string name)
        {
            lock (_gate) return _counted.GetValueOrDefault(name);
        }

        public void Dispose() => _listener.Dispose();

        private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name + (tags.Length > 0 ? "{" + tags[0].Value + "}" : string.Empty);
            lock (_gate)
            {
                if (instrument.IsObservable) _observed[name] = value;
                else _counted[name] = _counted.GetValueOrDefault(name) + value;
            }

            if (instrument.Name == "gateway.delivery.flush.duration") _flushed.TrySetResult();
        }
    }
}

using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>A fake gateway and clients connected to it, for one test.</summary>
/// <param name="wire">The wire that its clients speak unless a test says otherwise.</param>
public abstract class ClientTest(GatewayWire wire = GatewayWire.MessagePack) : IAsyncLifetime
{
    private readonly List<GatewayClient> _clients = [];

    private protected FakeGateway Server { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Server = await FakeGateway.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<GatewayClient> ConnectAsync(Action<GatewayClientOptions>? configure = null)
    {
        var client = NewClient(configure);
        await client.ConnectAsync(Token);
        return client;
    }

    protected GatewayClient NewClient(Action<GatewayClientOptions>? configure = null)
    {
        // No retry of gaps: a test in which the gateway drops nothing fails when the client thinks it did. No heartbeat: the
        // timers of a test's clock are those that the test is about.
        var options = new GatewayClientOptions { Wire = wire, RetryPolicy = new ImmediateRetry(), MaxGapRetries = 0, HeartbeatInterval = Timeout.InfiniteTimeSpan };
        configure?.Invoke(options);
        var client = new GatewayClient(Server.AddressOf(options.Wire), options);
        _clients.Add(client);
        return client;
    }

    /// <summary>Reads to the session's end.</summary>
    protected static Task<List<SessionEvent>> ReadAllAsync(IAsyncEnumerable<SessionEvent> events)
    {
        return Wait.For(Core(), "the end of the session's events");

        async Task<List<SessionEvent>> Core()
        {
            var all = new List<SessionEvent>();
            await foreach (var e in events) all.Add(e);
            return all;
        }
    }

    /// <summary>Reads one more event.</summary>
    protected static async Task<SessionEvent> NextAsync(IAsyncEnumerator<SessionEvent> reader)
    {
        Assert.True(await Wait.For(reader.MoveNextAsync().AsTask(), "the next event"), "The events ended too early.");
        return reader.Current;
    }

    /// <summary>Reads what is left.</summary>
    protected static Task<List<SessionEvent>> RestAsync(IAsyncEnumerator<SessionEvent> reader)
    {
        return Wait.For(Core(), "the end of the session's events");

        async Task<List<SessionEvent>> Core()
        {
            var rest = new List<SessionEvent>();
            while (await reader.MoveNextAsync()) rest.Add(reader.Current);
            return rest;
        }
    }

    private protected static void AssertSeqs(long first, long last, IEnumerable<SessionEvent> events) =>
        Assert.Equal(Enumerable.Range((int)first, (int)(last - first + 1)).Select(i => (long)i), events.Select(e => e.Seq));

    private protected static TaskCompletionSource Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected static async Task<GatewayClientException> RefusedAsync(Task command) =>
        await Assert.ThrowsAsync<GatewayClientException>(() => Wait.For(command, "the refusal"));
}

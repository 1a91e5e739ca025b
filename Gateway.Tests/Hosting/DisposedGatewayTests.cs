using Gateway.Client;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Hosting;

/// <summary>A program may make and dispose gateways as often as it likes: nothing of them stays behind.</summary>
public sealed class DisposedGatewayTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("sqlite")]
    public async Task Nothing_of_it_stays_in_memory(string store) => await AssertGone(() => UseAsync(store));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nor_of_one_in_a_fixture(bool sockets) => await AssertGone(() => UseInFixtureAsync(sockets));

    private static async Task AssertGone(Func<Task<IReadOnlyList<WeakReference>>> use)
    {
        var left = await Task.Run(use, TestContext.Current.CancellationToken);
        await Wait.Until(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                left = [.. left.Where(part => part.IsAlive)];
                return left.Count == 0;
            },
            "a disposed gateway to be collected");
    }

    private static async Task<IReadOnlyList<WeakReference>> UseAsync(string store)
    {
        using var folder = new TempFolder();
        var log = new TestLog();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--urls=http://127.0.0.1:0", $"--Gateway:Storage:Provider={store}", $"--Gateway:Storage:Path={folder.At("log.db")}", "--Gateway:Models:scripted:TokensPerSecond=0"],
        });
        builder.Logging.ClearProviders().AddProvider(log);
        builder.AddGateway();
        await using var app = builder.Build();
        app.MapGateway();
        await app.StartAsync();
        await UseAsync(new Uri(app.Urls.Single()));
        return PartsOf(app.Services);
    }

    private static async Task<IReadOnlyList<WeakReference>> UseInFixtureAsync(bool sockets)
    {
        await using var gateway = await CustomFixture.StartAsync(sockets: sockets);
        if (sockets) await UseAsync(gateway.Address);
        else await UseAsync(gateway);
        return [new(gateway), .. PartsOf(gateway.Services)];
    }

    // One session ends, and one waits for somebody; both are watched when the gateway ends.
    private static async Task UseAsync(Uri address)
    {
        foreach (var (wire, path) in new[] { (GatewayWire.WebSocket, "/ws"), (GatewayWire.Json, "/hub"), (GatewayWire.MessagePack, "/hub") })
        {
            await using var client = await GatewayClient.ConnectAsync(new Uri(address, path), new GatewayClientOptions { Wire = wire });
            using var session = await client.StartAsync("quick-answer", "Tea or coffee?");
            Assert.Equal(SessionStatus.Completed, (await Wait.For(session.Completion, "the end")).Status);
            await foreach (var next in client.StartAndReadAsync("reviewed-draft", "A letter"))
            {
                if (next is SessionEvent<ExecutionPaused>) break;
            }
        }
    }

    private static async Task UseAsync(GatewayFixture gateway)
    {
        await using var client = await WsClient.ConnectAsync(gateway);
        await client.ReadToEndAsync(await client.AckAsync("start_session", Starts.Quick("first")));
        await using var hub = await HubReader.ConnectAsync(gateway, messagePack: false);
        await hub.SubscribeAsync("first", 0);
        while (await hub.NextAsync() is not SessionEvent<ExecutionCompleted>)
        {
            // Whatever comes before the end.
        }
    }

    private static WeakReference[] PartsOf(IServiceProvider services) => [new(services), new(services.GetRequiredService<LocalSessionHost>())];
}

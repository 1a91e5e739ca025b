using System.Net;
using Gateway.Contracts;
using Gateway.Log.Memory;
using Gateway.Tests.Crash;
using Gateway.Tests.Engine;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Health;

/// <summary>A gateway is ready while its log can be written and its unfinished sessions are back.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task Not_ready_until_the_unfinished_sessions_are_back()
    {
        var inner = new MemorySessionLog();
        await inner.CreateAsync(EngineFixture.Header(SampleWorkflows.Quick, "s-1"), TestContext.Current.CancellationToken);
        var store = new FaultyLog(inner) { CannotList = true };
        var models = new GatedModels();
        await using var gateway = await Gateways.StartAsync(store, models);
        gateway.Log.Announce("cannot be listed").Announce("Health check storage");

        var (status, text) = await gateway.ReadyAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("Unfinished sessions could not be read", text, StringComparison.Ordinal);

        store.CannotList = false;
        var call = await models["a"].NextCall();
        while ((await gateway.ReadyAsync()).Status != HttpStatusCode.OK)
        {
            // It is back; that all are is told a moment later.
        }

        await using var raw = await Watching.RawAsync(gateway, "s-1");
        call.End();
        await raw.UntilAsync<ExecutionCompleted>();
    }

    [Fact]
    public async Task The_port_is_open_before_the_unfinished_sessions_are_back()
    {
        var inner = new MemorySessionLog();
        await inner.CreateAsync(EngineFixture.Header(SampleWorkflows.Quick, "s-1"), TestContext.Current.CancellationToken);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var models = new GatedModels();
        await using var gateway = await Gateways.StartAsync(new FaultyLog(inner) { ListGate = gate.Task }, models);

        var (status, text) = await gateway.ProbeAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("are being brought back", text, StringComparison.Ordinal);
        await gateway.StartSessionAsync("s-2", SampleWorkflows.Gates);

        gate.SetResult();
        (await models["a"].NextCall()).End();
        Assert.Equal(HttpStatusCode.OK, (await gateway.ReadyAsync()).Status);
    }

    [Fact]
    public async Task A_deleted_file_shows_in_the_readiness()
    {
        using var folder = new TempFolder();
        await using var gateway = await Gateways.StartAsync(folder.At("gateway.db"), new GatedModels());
        gateway.Log.Announce("Health check storage").Announce("has been deleted or moved");
        Assert.Equal(HttpStatusCode.OK, (await gateway.ReadyAsync()).Status);

        File.Delete(folder.At("gateway.db"));

        var (status, text) = await gateway.ReadyAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("deleted or moved", text, StringComparison.Ordinal);
    }
}

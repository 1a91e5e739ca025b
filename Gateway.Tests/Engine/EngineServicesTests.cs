using Gateway.Engine;
using Gateway.Engine.Nodes;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Gateway.Tests.Engine;

public class EngineServicesTests
{
    [Fact]
    public async Task The_engine_recovers_before_the_host_starts_and_pauses_its_sessions_when_it_goes()
    {
        await using var engine = new EngineFixture();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEngine().AddNodeKinds().AddLogging();
        builder.Services.AddSingleton<ILogHealth>(new MemorySessionLog()).AddSingleton<ISessionLog>(engine.Log).AddSingleton<ISessionPublisher>(engine.Published).AddSingleton<IModelCatalog>(engine.Models);
        await engine.Log.CreateAsync(EngineFixture.Header(SampleWorkflows.Quick), TestContext.Current.CancellationToken);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var call = await engine["a"].NextCall();
        Assert.Same(host.Services.GetRequiredService<LocalSessionHost>(), host.Services.GetRequiredService<ISessionHost>());
        await host.StopAsync(TestContext.Current.CancellationToken);
        await ((IAsyncDisposable)host).DisposeAsync();
        await call.Over();
        Assert.Equal("paused shutting_down", engine.Story()[^1]);
    }
}

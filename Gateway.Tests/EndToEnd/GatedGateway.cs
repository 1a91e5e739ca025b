using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.EndToEnd;

/// <summary>The whole gateway, with models and a clock in the hands of the test.</summary>
public sealed class GatedGateway : GatewayFixture
{
    public GatedGateway()
        : this(new GatedModels(), new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero)))
    {
    }

    private GatedGateway(GatedModels models, FakeTimeProvider time)
        : base(
            sockets: true,
            // A test that lets an hour pass in a moment leaves no client time to answer a ping or to take what it is sent.
            settings: new() { ["Gateway:WebSockets:KeepAliveInterval"] = "1.00:00:00", ["Gateway:Delivery:StallTimeout"] = "1.00:00:00" },
            services: services => services.AddSingleton<IModelCatalog>(models).AddSingleton<TimeProvider>(time))
    {
        Models = models;
        Time = time;
    }

    internal GatedModels Models { get; }

    internal FakeTimeProvider Time { get; }
}

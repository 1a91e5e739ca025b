using Gateway.Doors.Http;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Delivery.OwnStream;

/// <summary>A form of the event stream needs nothing but its class: promise 3 holds for it as for the gateway's own.</summary>
public abstract class OwnStreamDelivery(GatewayFixture gateway) : DeliverySuite(gateway)
{
    protected override async Task<IWireReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq) =>
        await LinesReader.ConnectAsync(gateway, sessionId, afterSeq);
}

public sealed class OwnStreamSocketDelivery(OwnStreamSocketDelivery.Host gateway) : OwnStreamDelivery(gateway), IClassFixture<OwnStreamSocketDelivery.Host>
{
    public sealed class Host() : GatewayFixture(sockets: true, services: services => services.AddSingleton<EventStream, LinesStream>());
}

public sealed class OwnStreamTestHostDelivery(OwnStreamTestHostDelivery.Host gateway) : OwnStreamDelivery(gateway), IClassFixture<OwnStreamTestHostDelivery.Host>
{
    public sealed class Host() : GatewayFixture(sockets: false, services: services => services.AddSingleton<EventStream, LinesStream>());
}

using Gateway.Admission;
using Gateway.Delivery.Wires;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>What connections may leave behind when they have ended: nothing.</summary>
internal static class Leftovers
{
    public static async Task AssertNoneAsync(GatewayFixture gateway)
    {
        var wires = gateway.Services.GetRequiredService<WireRegistry>();
        var limiter = gateway.Services.GetRequiredService<ConnectionLimiter>();
        await Wait.For(limiter.WhenEmptyAsync(), $"the last of {limiter.Count} connections to end");

        Assert.Equal(0, gateway.Connections().Count);
        Assert.All(wires.Traffic, traffic => Assert.Equal(0, traffic.Connections));
    }
}

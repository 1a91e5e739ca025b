using Gateway.Client;
using Gateway.Client.Connection;
using Gateway.Doors.Hubs;
using MessagePack;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Contracts;

/// <summary>The MessagePack form as the gateway and its client set it up: each compiles the same files in.</summary>
internal static class MessagePackForm
{
    public static MessagePackSerializerOptions OfClient { get; } = Of(new ServiceCollection().AddSignalR().AddGatewayWire(GatewayWire.MessagePack).Services);

    public static MessagePackSerializerOptions OfGateway { get; } = HubProtocols.Packed;

    private static MessagePackSerializerOptions Of(IServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<MessagePackHubProtocolOptions>>().Value.SerializerOptions;
    }
}

using System.Text.Json;
using Gateway.Contracts;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Client.Connection;

/// <summary>The encodings of the contract as SignalR protocols; the same calls set up either end.</summary>
internal static class ClientProtocols
{
    /// <summary>Adds the chosen encoding.</summary>
    public static TBuilder AddGatewayWire<TBuilder>(this TBuilder builder, GatewayWire wire)
        where TBuilder : ISignalRBuilder
    {
        if (PackedMessages.AreSupported && wire == GatewayWire.MessagePack) builder.AddMessagePackProtocol(o => o.SerializerOptions = ContractsMessagePack.Options);
        // A copy: SignalR may complete the options it is given, and those of the contract are shared.
        else if (wire == GatewayWire.Json) builder.AddJsonProtocol(o => o.PayloadSerializerOptions = new JsonSerializerOptions(ContractsJson.Wire.Options));
        else throw new ArgumentOutOfRangeException(nameof(wire), wire, "There is no such encoding here.");
        return builder;
    }
}

using Gateway.Admission;
using Gateway.Contracts;
using MessagePack;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Gateway.Doors.Hubs;

/// <summary>The protocols of the gateway's hub alone: a hub of the host's own keeps what the host has chosen.</summary>
internal sealed class HubProtocols(StartCheck starts, ClientLimits limits, ILogger<CallProtocol> logger) : IHubProtocolResolver
{
    /// <summary>Their names, as clients ask for them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["json", "messagepack"];

    /// <summary>How messages look in MessagePack.</summary>
    public static MessagePackSerializerOptions Packed => ContractsMessagePack.Options;

    /// <inheritdoc/>
    public IReadOnlyList<IHubProtocol> AllProtocols { get; } =
    [
        new CallProtocol(new JsonHubProtocol(Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = new(ContractsJson.Wire.Options) })), starts, limits, logger),
        new CallProtocol(new MessagePackHubProtocol(Options.Create(new MessagePackHubProtocolOptions { SerializerOptions = Packed })), starts, limits, logger),
    ];

    /// <inheritdoc/>
    public IHubProtocol? GetProtocol(string protocolName, IReadOnlyList<string>? supportedProtocols) =>
        AllProtocols.FirstOrDefault(protocol => protocol.Name.Equals(protocolName, StringComparison.OrdinalIgnoreCase));
}

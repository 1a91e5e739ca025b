using Microsoft.Extensions.Options;

namespace Gateway.Doors.WebSockets;

/// <summary>Checks <see cref="GatewayWebSocketOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class GatewayWebSocketOptionsValidator : IValidateOptions<GatewayWebSocketOptions>;

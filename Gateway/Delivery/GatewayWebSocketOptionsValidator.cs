using Microsoft.Extensions.Options;

namespace Gateway.Delivery;

/// <summary>Checks <see cref="GatewayWebSocketOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class GatewayWebSocketOptionsValidator : IValidateOptions<GatewayWebSocketOptions>;

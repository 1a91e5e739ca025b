using Microsoft.Extensions.Options;

namespace Gateway.Delivery;

/// <summary>Checks <see cref="DeliveryOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>;

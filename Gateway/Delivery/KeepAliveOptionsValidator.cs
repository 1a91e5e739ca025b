using Microsoft.Extensions.Options;

namespace Gateway.Delivery;

/// <summary>Checks <see cref="KeepAliveOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class KeepAliveOptionsValidator : IValidateOptions<KeepAliveOptions>;

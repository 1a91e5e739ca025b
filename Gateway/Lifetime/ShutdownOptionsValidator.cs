using Microsoft.Extensions.Options;

namespace Gateway.Lifetime;

/// <summary>Checks <see cref="ShutdownOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class ShutdownOptionsValidator : IValidateOptions<ShutdownOptions>;

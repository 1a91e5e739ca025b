using Microsoft.Extensions.Options;

namespace Gateway.Admission;

/// <summary>Checks <see cref="OriginOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class OriginOptionsValidator : IValidateOptions<OriginOptions>;

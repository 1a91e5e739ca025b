using Microsoft.Extensions.Options;

namespace Gateway.Admission;

/// <summary>Checks <see cref="LimitsOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class LimitsOptionsValidator : IValidateOptions<LimitsOptions>;

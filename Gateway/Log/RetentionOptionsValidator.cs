using Microsoft.Extensions.Options;

namespace Gateway.Log;

/// <summary>Checks <see cref="RetentionOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;

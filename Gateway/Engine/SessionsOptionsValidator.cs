using Microsoft.Extensions.Options;

namespace Gateway.Engine;

/// <summary>Checks <see cref="SessionsOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class SessionsOptionsValidator : IValidateOptions<SessionsOptions>;

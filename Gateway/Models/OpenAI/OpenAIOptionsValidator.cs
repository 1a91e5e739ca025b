using Microsoft.Extensions.Options;

namespace Gateway.Models.OpenAI;

/// <summary>Checks <see cref="OpenAIOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class OpenAIOptionsValidator : IValidateOptions<OpenAIOptions>;

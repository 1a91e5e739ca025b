using Microsoft.Extensions.Options;

namespace Gateway.Models.Ollama;

/// <summary>Checks <see cref="OllamaOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class OllamaOptionsValidator : IValidateOptions<OllamaOptions>;

using Microsoft.Extensions.Options;

namespace Gateway.Models;

/// <summary>Checks <see cref="ModelOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class ModelOptionsValidator : IValidateOptions<ModelOptions>;

using Microsoft.Extensions.Options;

namespace Gateway.Workflows;

/// <summary>Checks <see cref="CatalogSettings"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class CatalogSettingsValidator : IValidateOptions<CatalogSettings>;

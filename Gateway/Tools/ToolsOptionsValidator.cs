using Microsoft.Extensions.Options;

namespace Gateway.Tools;

/// <summary>Checks <see cref="ToolsOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class ToolsOptionsValidator : IValidateOptions<ToolsOptions>;

using Microsoft.Extensions.Options;

namespace Gateway.Tools.Mcp;

/// <summary>Checks <see cref="McpServerOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class McpServerOptionsValidator : IValidateOptions<McpServerOptions>;

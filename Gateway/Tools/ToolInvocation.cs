using System.Text.Json;

namespace Gateway.Tools;

/// <summary>A call to be made.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object.</param>
/// <param name="Context">Who calls.</param>
internal sealed record ToolInvocation(string Name, JsonElement Arguments, ToolCallContext Context);

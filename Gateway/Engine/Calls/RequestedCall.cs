using System.Text.Json;

namespace Gateway.Engine.Calls;

/// <summary>A call of a tool that somebody asks for.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object; where they are none, what was written, as a string.</param>
/// <param name="Approval">When a person must approve it, as far as the gateway's settings say.</param>
/// <param name="Problem">Why it cannot be made, as a sentence; null when it can.</param>
/// <param name="ArgumentsLength">The length of the arguments, in characters, when they are cut.</param>
internal sealed record RequestedCall(string Name, JsonElement Arguments, string Approval, string? Problem = null, long? ArgumentsLength = null);

using System.Text.Json.Serialization;

namespace Gateway.Log;

/// <summary>How stores write a session's header as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionHeader))]
internal sealed partial class LogJson : JsonSerializerContext;

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Commands;
using Gateway.Webhooks;

namespace Gateway.Doors.Http;

/// <summary>How the messages that exist only over HTTP are written: as the contract's are.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(WorkflowList))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(WebhookInfo))]
[JsonSerializable(typeof(WebhookDeadLetterPage))]
[JsonSerializable(typeof(WebhookRedelivery))]
[JsonSerializable(typeof(WorkflowReport))]
[JsonSerializable(typeof(WorkflowEstimate))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>The context to use; like the contract's it writes letters of all scripts as they are.</summary>
    public static HttpJson Wire { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}

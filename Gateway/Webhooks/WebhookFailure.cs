using System.Text.Json.Serialization;
using Gateway.Contracts;

namespace Gateway.Webhooks;

/// <summary>A message that an endpoint has not taken.</summary>
internal sealed record WebhookFailure
{
    /// <summary>When, UTC.</summary>
    [JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime At { get; init; }

    /// <summary>What was wrong, as a sentence.</summary>
    public required string Problem { get; init; }
}

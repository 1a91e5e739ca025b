using System.Text.Json.Serialization;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Webhooks;

/// <summary>A message that was given up.</summary>
internal sealed record WebhookDeadLetter
{
    /// <summary>Its <c>webhook-id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its type, such as <c>session.failed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The event that it tells of.</summary>
    public required long Seq { get; init; }

    /// <summary>When it was tried last, UTC.</summary>
    [JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime At { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Tries { get; init; }

    /// <summary>What was wrong the last time, as a sentence.</summary>
    public required string Problem { get; init; }

    /// <summary>As the store has it.</summary>
    public static WebhookDeadLetter Of(DeadLetter letter) =>
        new() { Id = letter.Id, Type = letter.Kind, SessionId = letter.SessionId, Seq = letter.Seq, At = letter.At, Tries = letter.Tries, Problem = letter.Reason };
}

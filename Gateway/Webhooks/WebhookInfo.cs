using System.Text.Json.Serialization;
using Gateway.Contracts;

namespace Gateway.Webhooks;

/// <summary>An endpoint that is told of prompts and ends, and how that goes.</summary>
internal sealed record WebhookInfo
{
    /// <summary>Its name in the settings.</summary>
    public required string Name { get; init; }

    /// <summary>Scheme, host and port of its address; the rest may be secret.</summary>
    public required string Host { get; init; }

    /// <summary><c>active</c>, or <c>halted</c> after an answer of 410.</summary>
    public required string State { get; init; }

    /// <summary>Since when it is halted, UTC; absent while it is not.</summary>
    [JsonConverter(typeof(WireTimestampConverter))]
    public DateTime? HaltedSince { get; init; }

    /// <summary>The types of messages it is told.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>The workflows whose sessions it is told of; absent: all.</summary>
    public IReadOnlyList<string>? Workflows { get; init; }

    /// <summary>Sessions of which something is still to be told, as far as they are kept in mind (10,000).</summary>
    public required int Waiting { get; init; }

    /// <summary>Messages that were given up.</summary>
    public required int DeadLetters { get; init; }

    /// <summary>When it has taken a message last, UTC; absent: not since the gateway started.</summary>
    [JsonConverter(typeof(WireTimestampConverter))]
    public DateTime? LastTaken { get; init; }

    /// <summary>What it has not taken last; absent: nothing since the gateway started.</summary>
    public WebhookFailure? LastFailure { get; init; }
}

using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>What a watcher of the inbox is sent: one change of what waits.</summary>
[DataContract]
public sealed record InboxFrame
{
    /// <summary>One of <see cref="InboxEvents"/>.</summary>
    [DataMember(Name = "event"), JsonPropertyOrder(0)]
    public required string Event { get; init; }

    /// <summary>When it happened, UTC.</summary>
    [DataMember(Name = "timestamp"), JsonPropertyOrder(1), JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime Timestamp { get; init; }

    /// <summary>Pass as <c>after</c> to go on watching behind this change; opaque.</summary>
    [DataMember(Name = "position"), JsonPropertyOrder(2)]
    public required string Position { get; init; }

    /// <summary>The prompt; absent in <c>inbox:reset</c>.</summary>
    [DataMember(Name = "data"), JsonPropertyOrder(3)]
    public InboxPrompt? Data { get; init; }
}

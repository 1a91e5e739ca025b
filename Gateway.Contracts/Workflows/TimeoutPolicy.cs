using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>How long the work of a node may take; a pause of the session is not counted.</summary>
/// <remarks>Times are written <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>2h</c>, or as a number of seconds. What takes longer fails with <c>node_timeout</c>.</remarks>
[DataContract]
public sealed record TimeoutPolicy
{
    /// <summary>The longest time of a try, its calls of tools included, but not the time for which it waits for a person; each retry and each fallback has as long again.</summary>
    [DataMember(Name = "total"), JsonConverter(typeof(TimeTextConverter))]
    public string? Total { get; init; }

    /// <summary>The longest time from the question to the model's first word.</summary>
    [DataMember(Name = "first_token"), JsonConverter(typeof(TimeTextConverter))]
    public string? FirstToken { get; init; }

    /// <summary>The longest silence of the model after its first word; what only keeps the line open counts as life.</summary>
    [DataMember(Name = "idle"), JsonConverter(typeof(TimeTextConverter))]
    public string? Idle { get; init; }
}

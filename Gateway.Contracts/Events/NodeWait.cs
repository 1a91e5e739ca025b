using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>Why a running node is not at work yet.</summary>
[DataContract]
public sealed record NodeWait
{
    /// <summary>What it waits for, one of <see cref="NodeWaitReason"/>.</summary>
    [DataMember(Name = "reason")]
    public required string Reason { get; init; }

    /// <summary>Until when, UTC, where that is known; after a pause of the session it is told again with the time that was left.</summary>
    [DataMember(Name = "until"), JsonConverter(typeof(WireTimestampConverter))]
    public DateTime? Until { get; init; }

    /// <summary>The model that has no place free.</summary>
    [DataMember(Name = "model")]
    public string? Model { get; init; }
}

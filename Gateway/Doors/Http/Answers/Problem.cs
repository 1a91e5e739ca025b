using System.Text.Json.Serialization;

namespace Gateway.Doors.Http.Answers;

/// <summary>Why a request was refused: RFC 9457 problem details with the gateway's error code.</summary>
internal sealed record Problem
{
    /// <summary>The status in words.</summary>
    [JsonPropertyOrder(0)]
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    [JsonPropertyOrder(1)]
    public required int Status { get; init; }

    /// <summary>A stable code for programs; the same on every wire.</summary>
    [JsonPropertyOrder(2)]
    public required string Code { get; init; }

    /// <summary>A sentence for people that names the thing and the way out.</summary>
    [JsonPropertyOrder(3)]
    public required string Detail { get; init; }
}

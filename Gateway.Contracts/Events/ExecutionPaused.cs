using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>The session stands still: no token appears until it is resumed or answered.</summary>
[DataContract]
public sealed record ExecutionPaused : IEventData
{
    /// <inheritdoc/>
    public static string EventName => "execution:paused";

    /// <inheritdoc/>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>Always null: a pause concerns the whole session.</summary>
    [IgnoreDataMember, System.Text.Json.Serialization.JsonIgnore]
    public string? NodeId => null;

    /// <summary>One of <see cref="PauseReason"/>.</summary>
    [DataMember(Name = "reason")]
    public required string Reason { get; init; }

    /// <summary>When the session began to stand still, UTC, where that is earlier than the event tells of it: while the store failed, nothing could be written.</summary>
    [DataMember(Name = "since"), System.Text.Json.Serialization.JsonConverter(typeof(WireTimestampConverter))]
    public DateTime? Since { get; init; }

    /// <summary>Of a forked session, where the history that it shares ends: what it was forked from.</summary>
    [DataMember(Name = "forked_from")]
    public SessionOrigin? ForkedFrom { get; init; }

    /// <summary>What the session itself asks, where it stands still for an answer to that: whether a budget is raised.</summary>
    [DataMember(Name = "prompt")]
    public Prompt? Prompt { get; init; }

    /// <summary>What a user said while the session stood still; it joins the session when that resumes.</summary>
    /// <remarks>The pause is reported again with it, so that the words are in the log, and survive a crash, before they are acknowledged.</remarks>
    [DataMember(Name = "held_input")]
    public HeldInput? HeldInput { get; init; }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>The envelope of every session event; on <c>/ws</c> it is the whole frame, on the hub the argument.</summary>
/// <remarks>Match on <see cref="SessionEvent{TData}"/> to read the payload: <c>case SessionEvent&lt;TokenStream&gt; t</c>.</remarks>
[DataContract]
public abstract partial record SessionEvent
{
    /// <summary>The event's name, one of those in <see cref="SessionEvents"/>.</summary>
    [DataMember(Name = "event"), JsonPropertyOrder(0)]
    public abstract string Event { get; }

    /// <summary>UTC time of the append; strictly increasing within a session.</summary>
    /// <remarks>Known clients drop a frame whose event and timestamp they have seen, so no two events of a session share one.</remarks>
    [DataMember(Name = "timestamp"), JsonPropertyOrder(1), JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime Timestamp { get; init; }

    /// <summary>The node the event is about; repeated inside the payload. Null when it concerns the whole session.</summary>
    [DataMember(Name = "node_id"), JsonPropertyOrder(2)]
    public string? NodeId { get; init; }

    /// <summary>Position in the session's log: 1, 2, 3 ... with no gap, never reused.</summary>
    [DataMember(Name = "seq"), JsonPropertyOrder(3)]
    public required long Seq { get; init; }

    /// <summary>The session the event belongs to, as in the payload.</summary>
    [IgnoreDataMember, JsonIgnore]
    public abstract string SessionId { get; }

    /// <summary>First seq of the run this event stands for when several were merged into it; null for a plain event.</summary>
    /// <remarks>Only readers that asked for merging, and compacted logs, hold such events; <see cref="Seq"/> is then the last of the run.</remarks>
    [DataMember(Name = "merged_from"), JsonPropertyOrder(4)]
    public long? MergedFrom { get; init; }

    /// <summary>Its row in the table of events; null when its payload has none.</summary>
    internal abstract EventKind? Kind { get; }
}

/// <summary>A session event with its payload.</summary>
/// <typeparam name="TData">A payload record that has a row in <see cref="SessionEvents"/>.</typeparam>
[DataContract]
public sealed record SessionEvent<TData> : SessionEvent
    where TData : class, IEventData
{
    /// <inheritdoc/>
    [DataMember(Name = "event"), JsonPropertyOrder(0)]
    public override string Event => TData.EventName;

    /// <summary>What happened.</summary>
    // DisallowNull, because the JSON reader cannot see on a type parameter that null is not allowed.
    [DataMember(Name = "data"), JsonPropertyOrder(5), DisallowNull]
    public required TData Data { get; init; }

    /// <inheritdoc/>
    [IgnoreDataMember, JsonIgnore]
    public override string SessionId => Data.SessionId;

    /// <inheritdoc/>
    internal override EventKind? Kind => SessionEvents.RowOf<TData>.Row;
}

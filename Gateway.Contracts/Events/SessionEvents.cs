using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>The one table of events; whatever must know all of them reads it.</summary>
/// <remarks>A new event is a record, a row with its attribute in this file, and a method of <see cref="IWorkflowClient"/>.</remarks>
public static class SessionEvents
{
    private static readonly EventKind[] s_rows =
    [
        new EventKind<TokenStream>(nameof(IWorkflowClient.TokenStream), static (client, e) => client.TokenStream(e)),
        new EventKind<NodeStateChange>(nameof(IWorkflowClient.NodeStateChange), static (client, e) => client.NodeStateChange(e)),
        new EventKind<ParallelStart>(nameof(IWorkflowClient.ParallelStart), static (client, e) => client.ParallelStart(e)),
        new EventKind<TokenUsage>(nameof(IWorkflowClient.TokenUsage), static (client, e) => client.TokenUsage(e)),
        new EventKind<ExecutionPaused>(nameof(IWorkflowClient.ExecutionPaused), static (client, e) => client.ExecutionPaused(e)),
        new EventKind<ExecutionCompleted>(nameof(IWorkflowClient.ExecutionCompleted), static (client, e) => client.ExecutionCompleted(e)),
        new EventKind<ExecutionError>(nameof(IWorkflowClient.Error), static (client, e) => client.Error(e)),
    ];

    /// <summary>A row for each kind of event, in the order of the protocol's table.</summary>
    public static IReadOnlyList<EventKind> All { get; } = Array.AsReadOnly(s_rows);

    /// <summary>The row of an event.</summary>
    /// <exception cref="ArgumentException">The table has no row for its payload.</exception>
    public static EventKind KindOf(SessionEvent sessionEvent) =>
        sessionEvent.Kind ?? throw new ArgumentException($"'{sessionEvent.Event}' is not an event of a session.", nameof(sessionEvent));

    /// <summary>The row with the name that <paramref name="reader"/> stands on; null when there is none.</summary>
    /// <exception cref="InvalidOperationException">The reader does not stand on a string, or on one that is damaged.</exception>
    public static EventKind? Find(ref readonly Utf8JsonReader reader)
    {
        // The most frequent event is the first row, and the others differ in length: a search through so few is short.
        foreach (var row in s_rows)
        {
            if (reader.ValueTextEquals(row.NameUtf8)) return row;
        }

        return null;
    }

    /// <summary>The row of a payload type, found once for each type, so that no event pays for a search.</summary>
    internal static class RowOf<TData>
        where TData : class, IEventData
    {
        public static readonly EventKind? Row = Array.Find(s_rows, row => row.DataType == typeof(TData));
    }
}

/// <content>
/// The attributes give the rows' types to the source generator of <see cref="ContractsJson"/>, which reads attributes only.
/// A test holds them against the rows.
/// </content>
[JsonDerivedType(typeof(SessionEvent<TokenStream>))]
[JsonDerivedType(typeof(SessionEvent<NodeStateChange>))]
[JsonDerivedType(typeof(SessionEvent<ParallelStart>))]
[JsonDerivedType(typeof(SessionEvent<TokenUsage>))]
[JsonDerivedType(typeof(SessionEvent<ExecutionPaused>))]
[JsonDerivedType(typeof(SessionEvent<ExecutionCompleted>))]
[JsonDerivedType(typeof(SessionEvent<ExecutionError>))]
public abstract partial record SessionEvent;

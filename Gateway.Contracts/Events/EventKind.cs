using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Contracts;

/// <summary>One kind of event: a row of <see cref="SessionEvents"/>.</summary>
public abstract class EventKind
{
    private protected EventKind(string name, string hubMethod, JsonTypeInfo jsonType, Type dataType)
    {
        (Name, HubMethod, JsonType, DataType) = (name, hubMethod, jsonType, dataType);
        NameUtf8 = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>The event's name on the wire, such as <c>token_stream</c>.</summary>
    public string Name { get; }

    /// <summary>The method of <see cref="IWorkflowClient"/> that carries it on the hub.</summary>
    public string HubMethod { get; }

    /// <summary>How the whole event is written as JSON; its type is a <see cref="SessionEvent{TData}"/>.</summary>
    public JsonTypeInfo JsonType { get; }

    /// <summary>The record of its payload.</summary>
    public Type DataType { get; }

    internal byte[] NameUtf8 { get; }

    /// <summary>Calls the event's hub method with it.</summary>
    /// <exception cref="InvalidCastException">The event is of another kind.</exception>
    public abstract Task CallAsync(IWorkflowClient client, SessionEvent sessionEvent);
}

/// <summary>One kind of event, with the type of its payload.</summary>
internal sealed class EventKind<TData>(string hubMethod, Func<IWorkflowClient, SessionEvent<TData>, Task> call)
    : EventKind(TData.EventName, hubMethod, TypeInfo(), typeof(TData))
    where TData : class, IEventData
{
    /// <inheritdoc/>
    public override Task CallAsync(IWorkflowClient client, SessionEvent sessionEvent) => call(client, (SessionEvent<TData>)sessionEvent);

    private static JsonTypeInfo TypeInfo() =>
        ContractsJson.Wire.GetTypeInfo(typeof(SessionEvent<TData>))
        ?? throw new InvalidOperationException($"{typeof(TData).Name} has a row in {nameof(SessionEvents)} and no attribute beside it.");
}

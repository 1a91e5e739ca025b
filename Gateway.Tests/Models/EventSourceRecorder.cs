using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Gateway.Tests.Models;

/// <summary>What the HTTP client tells diagnostics tools: its public event source.</summary>
internal sealed class EventSourceRecorder : EventListener
{
    private readonly ConcurrentQueue<string> _events = new();

    public string Text => string.Join('\n', _events);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Net.Http") EnableEvents(eventSource, EventLevel.LogAlways, EventKeywords.All);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
        _events?.Enqueue($"{eventData.EventSource.Name} {eventData.EventName} {eventData.Message} {string.Join(' ', eventData.Payload ?? [])}");
}

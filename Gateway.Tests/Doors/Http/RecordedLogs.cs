using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Doors.Http;

/// <summary>Keeps what was logged; warnings and errors must be announced.</summary>
public sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();
    private readonly ConcurrentBag<int> _announced = [];

    public IReadOnlyList<Entry> Serious => [.. _entries.Where(e => e.Level >= LogLevel.Warning)];

    /// <summary>The test causes entries with this id on purpose.</summary>
    public void Announce(int eventId) => _announced.Add(eventId);

    public IReadOnlyList<Entry> Unannounced() => [.. Serious.Where(e => !_announced.Contains(e.Id))];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    public sealed record Entry(string Category, LogLevel Level, int Id, string Message, Exception? Exception);

    private sealed class Logger(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs._entries.Enqueue(new Entry(category, logLevel, eventId.Id, formatter(state, exception), exception));
    }
}

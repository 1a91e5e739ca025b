using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>Keeps what is logged; a test that causes an error it did not announce fails.</summary>
/// <param name="serious">The level from which an entry must be announced.</param>
public sealed class TestLog(LogLevel serious = LogLevel.Error) : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private readonly ConcurrentQueue<string> _states = new();
    private readonly ConcurrentQueue<string> _announcedParts = new();
    private readonly ConcurrentQueue<int> _announcedIds = new();

    /// <summary>Every entry so far.</summary>
    public IReadOnlyList<LogEntry> Entries => [.. _entries];

    /// <summary>The entries that must be announced.</summary>
    public IReadOnlyList<LogEntry> Serious => [.. _entries.Where(e => e.Level >= serious)];

    /// <summary>All that a log could write: messages, exceptions, and the states of entries and scopes.</summary>
    public string Everything => string.Join('\n', _entries.Select(e => e.ToString()).Concat(_states));

    /// <summary>The test causes entries whose text holds <paramref name="part"/>.</summary>
    public TestLog Announce(string part)
    {
        _announcedParts.Enqueue(part);
        return this;
    }

    /// <summary>The test causes entries with this number, at least one.</summary>
    public TestLog Announce(int eventId)
    {
        _announcedIds.Enqueue(eventId);
        return this;
    }

    /// <summary>Fails when something serious was logged that was not announced, or a number was announced and not logged.</summary>
    public void Check()
    {
        var surprises = Serious.Where(e => !_announcedIds.Contains(e.Id) && !_announcedParts.Any(part => e.Text.Contains(part, StringComparison.Ordinal))).ToList();
        Assert.True(surprises.Count == 0, $"Nobody announced this in the log:\n{string.Join('\n', surprises)}");
        Assert.All(_announcedIds, id => Assert.Contains(_entries, e => e.Id == id));
    }

    /// <summary>A logger for what takes one and no provider.</summary>
    public ILogger<T> For<T>() => new Logger<T>(this);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private class Logger(TestLog owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            owner._states.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            owner._entries.Enqueue(new LogEntry(logLevel, eventId.Id, category, message, exception));
            if (state?.ToString() is { } text && text != message) owner._states.Enqueue(text);
        }
    }

    private sealed class Logger<T>(TestLog owner) : Logger(owner, typeof(T).FullName!), ILogger<T>;
}

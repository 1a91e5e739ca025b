using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Infrastructure;

/// <summary>Keeps what the gateway logs; a test that causes an error log it did not announce fails.</summary>
public sealed class TestLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text)> _entries = new();
    private readonly ConcurrentQueue<string> _expected = new();

    /// <summary>Every entry so far, as text.</summary>
    public IEnumerable<string> Entries => _entries.Select(e => $"{e.Level} {e.Category}: {e.Text}");

    /// <summary>Errors and worse so far, without those that were announced.</summary>
    public IReadOnlyList<string> Errors => [.. _entries.Where(e => e.Level >= LogLevel.Error && !_expected.Any(part => e.Text.Contains(part, StringComparison.Ordinal))).Select(e => $"{e.Category}: {e.Text}")];

    /// <summary>Announces errors whose text holds <paramref name="part"/>.</summary>
    public TestLog Expect(string part)
    {
        _expected.Enqueue(part);
        return this;
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(TestLog owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) owner._entries.Enqueue((logLevel, category, formatter(state, exception) + (exception is null ? string.Empty : "\n" + exception)));
        }
    }
}

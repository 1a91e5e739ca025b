using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Infrastructure;

/// <summary>One entry of a log.</summary>
public sealed record LogEntry(LogLevel Level, int Id, string Category, string Message, Exception? Exception)
{
    /// <summary>The message, and the exception as a log prints it.</summary>
    public string Text => Exception is null ? Message : $"{Message}\n{Exception}";

    public override string ToString() => $"{Level} {Id} {Category}: {Text}";
}

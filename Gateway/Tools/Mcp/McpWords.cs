namespace Gateway.Tools.Mcp;

/// <summary>What a server said last on its standard error, and why it failed, without the secrets that are configured for it.</summary>
internal sealed class McpWords(McpServerOptions options)
{
    private const int MostLines = 3;
    private const int LongestLine = 200;
    private const int ShortestSecret = 6;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly string[] _secrets = [.. options.Environment.Values.Concat(options.Headers.Values)
        .SelectMany(value => value.Split(' ').Prepend(value)).Where(value => value.Length >= ShortestSecret).Distinct().OrderByDescending(value => value.Length)];

    /// <summary>Takes a line.</summary>
    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        var kept = ToolText.Note(Redact(line.Trim()), LongestLine);
        lock (_gate)
        {
            if (_lines.Count == MostLines) _lines.Dequeue();
            _lines.Enqueue(kept);
        }
    }

    /// <summary>A new start begins.</summary>
    public void Clear()
    {
        lock (_gate) _lines.Clear();
    }

    /// <summary>The last lines as the end of a sentence; empty when there are none.</summary>
    public string Last()
    {
        lock (_gate) return _lines.Count == 0 ? string.Empty : $" It said: {string.Join(" / ", _lines)}";
    }

    /// <summary>Why something failed: the words of the innermost reason.</summary>
    public string Reason(Exception exception)
    {
        while (exception is { InnerException: { } inner } and not HttpRequestException { StatusCode: not null }) exception = inner;
        var reason = ToolText.Note(Redact(exception.Message.Split('\n')[0].Trim()), LongestLine);
        return reason.EndsWith('.') ? reason : reason + ".";
    }

    /// <summary>The text without the secrets.</summary>
    public string Redact(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }
}

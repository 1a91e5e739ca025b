using System.Text;
using System.Text.Json;

namespace Gateway.Workflows;

/// <summary>Reads JSON into <see cref="SourceNode"/>s.</summary>
internal ref struct JsonSource
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly SourceProblems _problems;
    private readonly SourcePath _path = new();
    private Utf8JsonReader _reader;
    private int _scanned;
    private int _line = 1;
    private int _column = 1;
    private int _values;

    private JsonSource(ReadOnlySpan<byte> json, SourceProblems problems)
    {
        _json = json;
        _problems = problems;
        _reader = new Utf8JsonReader(json);
    }

    /// <summary>Reads a file; reports duplicate keys.</summary>
    /// <exception cref="SourceException">It is not JSON, or too deep.</exception>
    public static SourceNode Read(ReadOnlySpan<byte> json, SourceProblems problems)
    {
        if (json.Trim(" \t\r\n"u8).IsEmpty) return new SourceNull(Position.Start);

        try
        {
            var source = new JsonSource(json, problems);
            source._reader.Read();
            var root = source.ReadNode(0);
            // This read refuses anything that follows the value.
            source._reader.Read();
            return root;
        }
        catch (JsonException exception)
        {
            var position = new Position((exception.LineNumber ?? 0) + 1, (exception.BytePositionInLine ?? 0) + 1);
            throw new SourceException(position, $"Not JSON: {WhatIsWrong(json, exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0)}");
        }
    }

    // In words of the file: the reader's own speak of its options and of depths.
    private static string WhatIsWrong(ReadOnlySpan<byte> json, long line, long byteInLine)
    {
        var at = 0;
        for (; line > 0 && json[at..].IndexOf((byte)'\n') is >= 0 and var end; line--) at += end + 1;
        at = (int)Math.Min(at + byteInLine, json.Length);
        if (json[at..].Trim(" \t\r\n"u8).IsEmpty) return "the text ends before it is complete; a bracket, a brace or a quotation mark is not closed.";
        Rune.DecodeFromUtf8(json[at..], out var found, out _);
        var before = json[..at].TrimEnd(" \t\r\n"u8);
        return found.Value is ']' or '}' && before.EndsWith(","u8)
            ? $"a comma stands before this '{found}'; take it away."
            : $"'{Naming.Show(found.ToString())}' cannot stand here.";
    }

    // The reader stands on the first token of the value before, and on its last afterwards.
    private SourceNode ReadNode(int depth)
    {
        var at = Here();
        if (depth > SourceException.MaxDepth) throw SourceException.TooDeep(at);
        if (++_values > SourceException.MaxValues) throw SourceException.TooMany(at);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadMapping(at, depth);
            case JsonTokenType.StartArray:
                return ReadList(at, depth);
            case JsonTokenType.Null:
                return new SourceNull(at);
            case JsonTokenType.String:
                return new SourceScalar(at, Text(at), CanBeText: true, CanBeNumber: false);
            default:
                return new SourceScalar(at, Encoding.UTF8.GetString(_reader.ValueSpan), CanBeText: false, CanBeNumber: _reader.TokenType == JsonTokenType.Number);
        }
    }

    private SourceList ReadList(Position at, int depth)
    {
        var items = new List<SourceNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _path.Enter(items.Count);
            items.Add(ReadNode(depth + 1));
            _path.Leave();
        }

        return new SourceList(at, items);
    }

    private SourceMapping ReadMapping(Position at, int depth)
    {
        var entries = new List<SourceEntry>();
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var keyAt = Here();
            var key = Text(keyAt);
            _path.Enter(key);
            _reader.Read();
            var value = ReadNode(depth + 1);
            if (seen.TryAdd(key, keyAt)) entries.Add(new SourceEntry(key, keyAt, value));
            else _problems.Report(keyAt, _path.ToString(), $"The key stands here a second time, after line {seen[key].Line}; keep one.");
            _path.Leave();
        }

        return new SourceMapping(at, entries);
    }

    private string Text(Position at)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new SourceException(at, "Not JSON: a \\u escape stands for half a character.");
        }
    }

    private Position Here()
    {
        // Each byte is looked at once, however long its line is.
        var token = (int)_reader.TokenStartIndex;
        var between = _json[_scanned..token];
        var lineEnd = between.LastIndexOf((byte)'\n');
        if (lineEnd >= 0)
        {
            _line += between.Count((byte)'\n');
            _column = 1;
            between = between[(lineEnd + 1)..];
        }

        _column += Encoding.UTF8.GetCharCount(between);
        _scanned = token;
        return new Position(_line, _column);
    }
}

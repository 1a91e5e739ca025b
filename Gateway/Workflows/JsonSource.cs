using System.Text;
using System.Text.Json;

namespace Gateway.Workflows;

/// <summary>Reads JSON into <see cref="SourceNode"/>s.</summary>
internal ref struct JsonSource
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly Action<Position, string, string> _report;
    private Utf8JsonReader _reader;
    private int _lineStart;
    private int _scanned;
    private int _line = 1;

    private JsonSource(ReadOnlySpan<byte> json, Action<Position, string, string> report)
    {
        _json = json;
        _report = report;
        _reader = new Utf8JsonReader(json);
    }

    /// <summary>Reads a file; reports duplicate keys.</summary>
    /// <exception cref="SourceException">It is not JSON, or too deep.</exception>
    public static SourceNode Read(ReadOnlySpan<byte> json, Action<Position, string, string> report)
    {
        if (json.Trim(" \t\r\n"u8).IsEmpty) return new SourceNull(Position.Start);

        try
        {
            var source = new JsonSource(json, report);
            source._reader.Read();
            var root = source.ReadNode(string.Empty, 0);
            // This read refuses anything that follows the value.
            source._reader.Read();
            return root;
        }
        catch (JsonException exception)
        {
            var position = new Position((exception.LineNumber ?? 0) + 1, (exception.BytePositionInLine ?? 0) + 1);
            throw new SourceException(position, $"Not JSON: {exception.Message.Split(" LineNumber:")[0]}");
        }
    }

    // The reader stands on the first token of the value before, and on its last afterwards.
    private SourceNode ReadNode(string path, int depth)
    {
        var at = Here();
        if (depth > SourceException.MaxDepth) throw SourceException.TooDeep(at);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadMapping(path, at, depth);
            case JsonTokenType.StartArray:
                var items = new List<SourceNode>();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(ReadNode($"{path}[{items.Count}]", depth + 1));
                return new SourceList(at, items);
            case JsonTokenType.Null:
                return new SourceNull(at);
            case JsonTokenType.String:
                return new SourceScalar(at, Text(at), CanBeText: true, CanBeNumber: false);
            default:
                return new SourceScalar(at, Encoding.UTF8.GetString(_reader.ValueSpan), CanBeText: false, CanBeNumber: _reader.TokenType == JsonTokenType.Number);
        }
    }

    private SourceMapping ReadMapping(string path, Position at, int depth)
    {
        var entries = new List<SourceEntry>();
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var keyAt = Here();
            var key = Text(keyAt);
            var entryPath = SourcePath.Member(path, key);
            _reader.Read();
            var value = ReadNode(entryPath, depth + 1);
            if (seen.TryAdd(key, keyAt)) entries.Add(new SourceEntry(key, keyAt, value));
            else _report(keyAt, entryPath, $"The key stands here a second time, after line {seen[key].Line}; keep one.");
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
        var token = (int)_reader.TokenStartIndex;
        for (; _scanned < token; _scanned++)
        {
            if (_json[_scanned] != (byte)'\n') continue;
            _line++;
            _lineStart = _scanned + 1;
        }

        return new Position(_line, Encoding.UTF8.GetCharCount(_json[_lineStart..token]) + 1);
    }
}

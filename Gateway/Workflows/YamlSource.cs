// Scalar alone is a namespace of another package.
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace Gateway.Workflows;

/// <summary>Reads YAML into <see cref="SourceNode"/>s.</summary>
/// <remarks>It reads the parser's events and not the library's object model. That keeps every position, expands no alias and limits the depth.</remarks>
internal sealed class YamlSource
{
    private readonly Parser _parser;
    private readonly SourceProblems _problems;
    private readonly SourcePath _path = new();
    private int _values;

    private YamlSource(string text, SourceProblems problems)
    {
        _parser = new Parser(new StringReader(text));
        _problems = problems;
    }

    /// <summary>Reads a file's one document; reports duplicate keys, aliases, tags and further documents.</summary>
    /// <exception cref="SourceException">It is not YAML, or too deep.</exception>
    public static SourceNode Read(string text, SourceProblems problems)
    {
        // The parser takes a NUL for the end of the file, and would drop the rest without a word.
        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0) throw new SourceException(After(text.AsSpan(0, nul)), "Not YAML: the character NUL.");

        try
        {
            return new YamlSource(text, problems).ReadDocument();
        }
        catch (YamlException exception)
        {
            throw new SourceException(Tab(text, exception) ?? At(exception.Start), $"Not YAML: {Trim(exception.Message)}");
        }
    }

    private SourceNode ReadDocument()
    {
        while (_parser.MoveNext() && _parser.Current is not (DocumentStart or StreamEnd)) { }
        if (_parser.Current is not DocumentStart) return new SourceNull(Position.Start);

        _parser.MoveNext();
        var root = ReadNode(0);
        if (_parser.Current is DocumentEnd) _parser.MoveNext();
        if (_parser.Current is DocumentStart second) _problems.Report(At(second.Start), string.Empty, "A second document begins here; a file holds one workflow.");
        return root;
    }

    // The parser stands on the first event of the node before, and on the first event after the node afterwards.
    private SourceNode ReadNode(int depth)
    {
        var current = _parser.Current!;
        var at = At(current.Start);
        if (depth > SourceException.MaxDepth) throw SourceException.TooDeep(at);
        if (++_values > SourceException.MaxValues) throw SourceException.TooMany(at);
        if (current is NodeEvent { Tag.IsEmpty: false } tagged) _problems.Report(at, _path.ToString(), $"The tag '{Naming.Show(tagged.Tag.Value)}' means nothing here; take it out.");
        _parser.MoveNext();
        switch (current)
        {
            case MappingStart:
                return ReadMapping(at, depth);
            case SequenceStart:
                return ReadList(at, depth);
            case AnchorAlias alias:
                _problems.Report(at, _path.ToString(), $"The alias '*{Naming.Show(alias.Value.Value)}' is not expanded; write the value out.");
                return new SourceFault(at);
            case YamlScalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" }:
                return new SourceNull(at);
            case YamlScalar scalar:
                return new SourceScalar(at, scalar.Value, CanBeText: true, CanBeNumber: scalar.Style == ScalarStyle.Plain);
            default:
                throw new SourceException(at, "Not YAML: a value is missing.");
        }
    }

    private SourceList ReadList(Position at, int depth)
    {
        var items = new List<SourceNode>();
        while (_parser.Current is not SequenceEnd)
        {
            _path.Enter(items.Count);
            items.Add(ReadNode(depth + 1));
            _path.Leave();
        }

        _parser.MoveNext();
        return new SourceList(at, items);
    }

    private SourceMapping ReadMapping(Position at, int depth)
    {
        var entries = new List<SourceEntry>();
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            var keyAt = At(_parser.Current!.Start);
            if (_parser.Current is not YamlScalar { Value: var key })
            {
                throw new SourceException(keyAt, "A key is text here, not keys with values, a list or an alias.");
            }

            _parser.MoveNext();
            _path.Enter(key);
            var value = ReadNode(depth + 1);
            if (seen.TryAdd(key, keyAt)) entries.Add(new SourceEntry(key, keyAt, value));
            else _problems.Report(keyAt, _path.ToString(), $"The key stands here a second time, after line {seen[key].Line}; keep one.");
            _path.Leave();
        }

        _parser.MoveNext();
        return new SourceMapping(at, entries);
    }

    // The parser tells where the block begins that the tab ends, which may be many lines above.
    private static Position? Tab(string text, YamlException exception)
    {
        if (!exception.Message.Contains("invalid tab", StringComparison.Ordinal)) return null;
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (number < exception.Start.Line) continue;
            var blanks = line[..(line.Length - line.TrimStart(" \t").Length)];
            var tab = blanks.IndexOf('\t');
            if (tab >= 0) return new Position(number, tab + 1);
        }

        return null;
    }

    private static Position After(ReadOnlySpan<char> text) => new(text.Count('\n') + 1, text.Length - text.LastIndexOf('\n'));

    private static Position At(Mark mark) => new(mark.Line, mark.Column);

    // Some of the parser's sentences begin with a position, and some lack the full stop.
    private static string Trim(string message)
    {
        var end = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        var text = end < 0 ? message : message[(end + 3)..];
        return text.EndsWith('.') ? text : text + ".";
    }
}

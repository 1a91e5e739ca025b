using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Workflows.Building;

/// <summary>Writes a definition as YAML that reads back as the same definition.</summary>
public static class WorkflowYaml
{
    // So long may keys with values be to stand in one line.
    private const int MaxLine = 100;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./ ");

    // Words that YAML, or the reader of workflow files, takes for something else than text.
    private static readonly HashSet<string> Words = new(["true", "false", "null", "yes", "no", "on", "off", "y", "n"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The text of a workflow file.</summary>
    public static string Write(WorkflowDefinition workflow)
    {
        var text = new StringBuilder();
        WriteMembers(text, JsonSerializer.SerializeToElement(workflow, ContractsJson.Wire.WorkflowDefinition), 0);
        return text.ToString();
    }

    private static void WriteMembers(StringBuilder text, JsonElement mapping, int depth)
    {
        foreach (var member in mapping.EnumerateObject())
        {
            Indent(text, depth).Append(Scalar(member.Name)).Append(':');
            WriteValue(text, member.Value, depth);
        }
    }

    private static void WriteValue(StringBuilder text, JsonElement value, int depth)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString()!.Contains('\n', StringComparison.Ordinal) && CanBeBlock(value.GetString()!))
        {
            WriteBlock(text, value.GetString()!, depth);
        }
        else if (Line(value) is { } line && (depth > 0 || value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) || IsEmpty(value)) && line.Length + (2 * depth) <= MaxLine)
        {
            text.Append(' ').Append(line).Append('\n');
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            text.Append('\n');
            WriteMembers(text, value, depth + 1);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            text.Append('\n');
            foreach (var item in value.EnumerateArray())
            {
                Indent(text, depth + 1).Append('-');
                WriteValue(text, item, depth + 1);
            }
        }
        else
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
        }
    }

    // What stands in one line; null when there are lines of text in it.
    private static string? Line(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject().Select(member => (member.Name, Text: Line(member.Value))).ToList();
                if (members.Any(member => member.Text is null)) return null;
                return members.Count == 0 ? "{}" : $"{{ {string.Join(", ", members.Select(member => $"{Scalar(member.Name)}: {member.Text}"))} }}";
            case JsonValueKind.Array:
                var items = value.EnumerateArray().Select(Line).ToList();
                return items.Contains(null) ? null : $"[{string.Join(", ", items)}]";
            case JsonValueKind.String when value.GetString()!.Contains('\n', StringComparison.Ordinal):
                return null;
            default:
                return Scalar(value);
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Object ? !value.EnumerateObject().MoveNext() : value.GetArrayLength() == 0;

    private static string Scalar(JsonElement value) => value.ValueKind == JsonValueKind.String ? Scalar(value.GetString()!) : value.GetRawText();

    private static string Scalar(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] != ' ' && !text.AsSpan().ContainsAnyExcept(Plain) && !Words.Contains(text);
        if (isPlain) return text;
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c == '\n') quoted.Append("\\n");
            else if (IsUnprintable(c)) quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    // The lines as they are. Whatever a reader could take for something else, such as blanks at the beginning, is written in quotes instead.
    private static bool CanBeBlock(string text) =>
        text[0] is not (' ' or '\n' or '#') && !text.EndsWith("\n\n", StringComparison.Ordinal) && !text.Any(c => c != '\n' && IsUnprintable(c))
        && !text.Split('\n').Any(line => line.Length > 0 && line.All(c => c == ' '));

    private static void WriteBlock(StringBuilder text, string lines, int depth)
    {
        text.Append(lines[^1] == '\n' ? " |\n" : " |-\n");
        foreach (var line in (lines[^1] == '\n' ? lines[..^1] : lines).Split('\n'))
        {
            if (line.Length > 0) Indent(text, depth + 1).Append(line);
            text.Append('\n');
        }
    }

    private static bool IsUnprintable(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';

    private static StringBuilder Indent(StringBuilder text, int depth) => text.Append(' ', 2 * depth);
}

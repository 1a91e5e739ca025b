using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Conformance.Check;

/// <summary>What a client noted of a session: JSON lines, each with its <c>kind</c>.</summary>
/// <param name="Events">The events, in the order in which the application got them.</param>
/// <param name="Commands">The ids of the commands that were sent, with their names.</param>
/// <param name="Answers">The ids that were answered, in order.</param>
/// <param name="Prompts">The questions that were shown.</param>
/// <param name="Texts">What each node has said, as it is shown at the end.</param>
/// <param name="IsClosed">Whether the client has said that it does not come back.</param>
/// <param name="IsEnded">Whether the client came to an end by itself.</param>
internal sealed record Recording(
    IReadOnlyList<JsonObject> Events,
    IReadOnlyList<(string Id, string Name)> Commands,
    IReadOnlyList<string> Answers,
    IReadOnlySet<string> Prompts,
    IReadOnlyDictionary<string, string> Texts,
    bool IsClosed,
    bool IsEnded)
{
    /// <summary>Reads one; the first line that is wrong ends the reading.</summary>
    /// <exception cref="FormatException">A line is not what a recording has; the message names it.</exception>
    public static Recording Read(IEnumerable<string> lines)
    {
        var (events, commands, answers) = (new List<JsonObject>(), new List<(string, string)>(), new List<string>());
        var (prompts, texts) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        var (closed, ended) = (false, false);
        var number = 0;
        foreach (var text in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            try
            {
                var line = JsonNode.Parse(text) as JsonObject ?? throw new FormatException("it is no JSON object");
                switch (Text(line, "kind"))
                {
                    case "event":
                        events.Add(Frame(line));
                        break;
                    case "command":
                        commands.Add((Text(line, "id"), Text(line, "cmd")));
                        break;
                    case "answer":
                        answers.Add(Text(line, "id"));
                        break;
                    case "prompt":
                        prompts.Add(Text(line, "prompt_id"));
                        break;
                    case "text":
                        texts[Text(line, "node_id")] = Text(line, "text");
                        break;
                    case "closed":
                        closed = true;
                        break;
                    case "end":
                        ended = true;
                        break;
                    default:
                        throw new FormatException("its 'kind' is none of event, command, answer, prompt, text, closed, end");
                }
            }
            catch (Exception exception) when (exception is JsonException or FormatException)
            {
                throw new FormatException($"Line {number} cannot be read: {exception.Message}.", exception);
            }
        }

        return new Recording(events, commands, answers, prompts, texts, closed, ended);
    }

    private static JsonObject Frame(JsonObject line)
    {
        if (line["frame"] is not JsonObject frame || frame["seq"] is not JsonValue seq || !seq.TryGetValue<long>(out _)) throw new FormatException("its 'frame' is no event with a seq");
        return frame;
    }

    private static string Text(JsonObject line, string name) =>
        line[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new FormatException($"it has no text '{name}'");
}

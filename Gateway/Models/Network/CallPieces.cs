using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>Puts calls of tools together from the pieces in which a provider sends them.</summary>
/// <remarks>
/// By the rules a piece has the index of its call; the first of a call also has an id and a name, and the arguments come in parts. Some servers
/// send no index or always the same one, repeat id and name in every piece, send an empty id, or a call whole with arguments that are no text.
/// </remarks>
internal sealed class CallPieces
{
    // What is said about tools in one answer must end somewhere, as a line does.
    private const int MostCalls = 128;
    private const int LongestArguments = 16 * 1024 * 1024;

    private readonly List<Call> _calls = [];
    private long _length;

    /// <summary>Adds a piece.</summary>
    /// <param name="index">The place of the call among those of the answer, where it is told.</param>
    /// <param name="id">The provider's id of the call, where it is told.</param>
    /// <param name="name">The tool, or a part of its name.</param>
    /// <param name="arguments">The arguments, or a part of them.</param>
    /// <exception cref="UnreadableAnswerException">There is far more than a model could mean.</exception>
    public void Add(long? index, string? id, string? name, string? arguments)
    {
        var call = Find(index, id, name, arguments);
        if (call is null)
        {
            if (_calls.Count == MostCalls) throw new UnreadableAnswerException();
            _calls.Add(call = new Call { Index = index });
        }

        if (!string.IsNullOrEmpty(id)) call.Id = id;
        if (!string.IsNullOrEmpty(name) && call.Name != name) call.Name += name;
        if (string.IsNullOrEmpty(arguments)) return;
        if ((_length += arguments.Length) > LongestArguments) throw new UnreadableAnswerException();
        call.Arguments.Append(arguments);
    }

    /// <summary>Adds a call that is whole.</summary>
    /// <exception cref="UnreadableAnswerException">There is far more than a model could mean.</exception>
    public void AddWhole(string? name, string? arguments)
    {
        if (_calls.Count == MostCalls || (_length += arguments?.Length ?? 0) > LongestArguments) throw new UnreadableAnswerException();
        var call = new Call { Name = name ?? "" };
        call.Arguments.Append(arguments);
        _calls.Add(call);
    }

    /// <summary>The calls, in the order in which they began.</summary>
    public IEnumerable<FunctionCallContent> ToContents() => _calls.Select((call, place) => Content(call, place));

    // The call that a piece belongs to; null when it begins one.
    private Call? Find(long? index, string? id, string? name, string? arguments)
    {
        if (!string.IsNullOrEmpty(id) && _calls.FindLast(call => call.Id == id) is { } same) return same;
        var known = index is null ? _calls.LastOrDefault() : _calls.FindLast(call => call.Index == index);
        if (known is null || string.IsNullOrEmpty(name)) return known;

        // With a name, it begins a call whatever its index says, if the id is another, or if the arguments before are whole and begin anew.
        var isOther = !string.IsNullOrEmpty(id) && known.Id is not null;
        var beginsAnew = known.Arguments.Length > 0 && known.Arguments[^1] == '}' && arguments?.StartsWith('{') == true;
        return isOther || beginsAnew ? null : known;
    }

    private static FunctionCallContent Content(Call call, int place)
    {
        var id = call.Id ?? $"call-{place}";
        var text = call.Arguments.ToString();
        if (string.IsNullOrWhiteSpace(text)) return new FunctionCallContent(id, call.Name);
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                // A name that stands there twice counts once, as it does for everybody who reads JSON.
                var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
                foreach (var member in json.RootElement.EnumerateObject()) arguments[member.Name] = member.Value.Clone();
                return new FunctionCallContent(id, call.Name, arguments) { RawRepresentation = text };
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return new FunctionCallContent(id, call.Name) { Exception = exception, RawRepresentation = text };
        }

        return new FunctionCallContent(id, call.Name) { Exception = new JsonException("The arguments are no JSON object."), RawRepresentation = text };
    }

    private sealed class Call
    {
        public long? Index { get; init; }

        public string? Id { get; set; }

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();
    }
}

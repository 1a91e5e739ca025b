using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>What the log says about the calls of tools of one node, in its round of a loop.</summary>
/// <remarks>An attempt voids what the node said, and not what it called: a call that has been made has been made. So later attempts go on after it.</remarks>
internal sealed class NodeTools
{
    private readonly List<ToolCall> _calls = [];
    private readonly List<string> _said = [];
    private Dictionary<string, int>? _byId;

    /// <summary>The calls, in order.</summary>
    public IReadOnlyList<ToolCall> Calls => _calls;

    /// <summary>How many rounds of calls there were; 0 when none has begun.</summary>
    public int Round { get; private set; }

    /// <summary>How many calls have not ended.</summary>
    public int Open { get; private set; }

    /// <summary>The call that waits for a person: the first of those that do; null when none does.</summary>
    public ToolCall? Waiting { get; private set; }

    /// <summary>How many characters it holds.</summary>
    public long Characters { get; private set; }

    /// <summary>What was said before each round of calls.</summary>
    public IReadOnlyList<string> Said => _said;

    /// <summary>Whether a call has not ended.</summary>
    public static bool IsOpen(ToolCall call) => call.Status is ToolCallStatus.Requested or ToolCallStatus.Waiting or ToolCallStatus.Approved or ToolCallStatus.Running;

    /// <summary>Finds a call; null when there is none of this id.</summary>
    public ToolCall? Find(string callId) => _byId is not null && _byId.TryGetValue(callId, out var at) ? _calls[at] : null;

    /// <summary>Folds in what an event tells of a call.</summary>
    /// <param name="told">What is new of it.</param>
    /// <param name="said">What the node has said since its calls before; null where the call is not the first of its round.</param>
    public void Apply(ToolCall told, Func<string> said)
    {
        var round = told.Round ?? 1;
        if (round > Round)
        {
            Round = round;
            var text = said();
            _said.Add(text);
            Characters += text.Length;
        }

        _byId ??= new Dictionary<string, int>(StringComparer.Ordinal);
        if (_byId.TryGetValue(told.CallId, out var at))
        {
            var before = _calls[at];
            _calls[at] = Join(before, told);
            Characters += Size(_calls[at]) - Size(before);
            Open += (IsOpen(told) ? 1 : 0) - (IsOpen(before) ? 1 : 0);
        }
        else
        {
            _byId.Add(told.CallId, _calls.Count);
            _calls.Add(told);
            Characters += Size(told);
            Open += IsOpen(told) ? 1 : 0;
        }

        Waiting = Open == 0 ? null : _calls.Find(call => call.Status == ToolCallStatus.Waiting);
    }

    /// <summary>Takes over the calls that a snapshot holds.</summary>
    public void Restore(IEnumerable<ToolCall> calls)
    {
        foreach (var call in calls) Apply(call, () => string.Empty);
    }

    /// <summary>A new round of the loop begins.</summary>
    public void Clear()
    {
        _calls.Clear();
        _said.Clear();
        _byId = null;
        (Round, Open, Waiting, Characters) = (0, 0, null, 0);
    }

    /// <summary>What is known of a call once an event has told more of it.</summary>
    public static ToolCall Join(ToolCall before, ToolCall told) => before with
    {
        Status = told.Status,
        Arguments = told.Arguments ?? before.Arguments,
        ArgumentsLength = told.Arguments is null ? before.ArgumentsLength : told.ArgumentsLength,
        Result = told.Result ?? before.Result,
        ResultLength = told.Result is null ? before.ResultLength : told.ResultLength,
    };

    private static long Size(ToolCall call) =>
        (call.Result?.Length ?? 0) + (call.Arguments is { } arguments ? System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(arguments).Length : 0);
}

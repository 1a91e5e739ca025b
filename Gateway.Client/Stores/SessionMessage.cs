using System.Text;
using Gateway.Contracts;

namespace Gateway.Client.Stores;

/// <summary>One message of a session: an agent's answer as far as it has come, a user's words, or a question to a user.</summary>
/// <remarks>The store that holds it changes it; read it on the thread that applies events to the store.</remarks>
public sealed class SessionMessage
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thinking = new();
    private string? _textRead;
    private string? _thinkingRead;

    internal SessionMessage(int index, MessageKind kind, string? nodeId, int iteration)
    {
        Index = index;
        Kind = kind;
        NodeId = nodeId;
        Iteration = iteration;
    }

    /// <summary>Its place in <see cref="SessionStore.Messages"/>; it never changes.</summary>
    public int Index { get; }

    /// <summary>Who speaks, and to whom.</summary>
    public MessageKind Kind { get; }

    /// <summary>The node that speaks or asks, or that a user answers; null: said to the whole session.</summary>
    public string? NodeId { get; }

    /// <summary>Which round of a loop it belongs to, from 1.</summary>
    public int Iteration { get; }

    /// <summary>Of a node that stands for an item of a map: which item, from 0; null for every other.</summary>
    public int? Item { get; internal set; }

    /// <summary>The agent that speaks; null for a prompt, and until its first token.</summary>
    public string? AgentId { get; internal set; }

    /// <summary>Which try this is, from 1; a higher one has voided the text of the earlier.</summary>
    public int Attempt { get; internal set; } = 1;

    /// <summary>What has been said so far, without reasoning.</summary>
    public string Text => _textRead ??= _text.ToString();

    /// <summary>What the model has reasoned so far.</summary>
    public string Thinking => _thinkingRead ??= _thinking.ToString();

    /// <summary>The calls of tools that its speaker has made in this round of a loop, all attempts together, as far as they have come.</summary>
    public IReadOnlyList<ToolCall> Tools { get; private set; } = [];

    /// <summary>Whether more of it may come, or, for a prompt, whether it waits for its answer.</summary>
    public bool IsOpen { get; internal set; }

    /// <summary>A user's words that wait for a paused session to resume.</summary>
    public bool IsHeld { get; internal set; }

    /// <summary>The prompt, for a message that is one.</summary>
    public Prompt? Prompt { get; internal set; }

    /// <summary>Of a user's answer to a prompt: what was chosen, and by whom; null where that is nothing.</summary>
    public PromptAnswer? Answer { get; internal set; }

    /// <summary>The parallel node that started the speaker; null when none did.</summary>
    public string? ParallelNodeId { get; internal set; }

    /// <summary>What its model calls consumed, all attempts together; null until one reports.</summary>
    public Totals? Usage { get; internal set; }

    /// <summary>Why it broke off.</summary>
    public string? Error { get; internal set; }

    internal void Append(string chunk, bool isThinking)
    {
        (isThinking ? _thinking : _text).Append(chunk);
        if (isThinking) _thinkingRead = null;
        else _textRead = null;
    }

    internal void Tell(ToolCall told)
    {
        var calls = Tools.ToList();
        var at = calls.FindIndex(call => call.CallId == told.CallId);
        if (at < 0) calls.Add(told);
        else calls[at] = Join(calls[at], told);
        Tools = calls;
    }

    // An event tells what is new of a call.
    private static ToolCall Join(ToolCall before, ToolCall told) => before with
    {
        Status = told.Status,
        Arguments = told.Arguments ?? before.Arguments,
        ArgumentsLength = told.Arguments is null ? before.ArgumentsLength : told.ArgumentsLength,
        Result = told.Result ?? before.Result,
        ResultLength = told.Result is null ? before.ResultLength : told.ResultLength,
    };

    // What was called has been called, whatever becomes of the text.
    internal void BeginAttempt(int attempt)
    {
        Attempt = attempt;
        _text.Clear();
        _thinking.Clear();
        (_textRead, _thinkingRead, Error) = (null, null, null);
    }
}

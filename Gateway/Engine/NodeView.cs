using System.Text.Json;
using Gateway.Contracts;
using Gateway.Templates;

namespace Gateway.Engine;

/// <summary>A node of a session as its kind sees it; it cannot be changed here.</summary>
public sealed class NodeView
{
    private readonly SessionState _session;
    private readonly NodeState _node;
    private IReadOnlyList<NodeView>? _before;
    private IReadOnlyList<NodeView>? _body;

    internal NodeView(SessionState session, NodeState node)
    {
        _session = session;
        _node = node;
    }

    /// <summary>The node's name within the workflow.</summary>
    public string Id => _node.Id;

    /// <summary>What the workflow says about the node.</summary>
    public NodeDefinition Definition => _node.Node.Definition;

    /// <summary>The agent that the definition names; null when it names none.</summary>
    public AgentDefinition? Agent => Definition.Agent is { } id ? _session.FindAgent(_node, id) : null;

    /// <summary>One of <see cref="NodeStatus"/>.</summary>
    public string Status => _node.Status;

    /// <summary>Which try this is, from 1.</summary>
    public int Attempt => _node.Attempt;

    /// <summary>Which round of a loop this is, from 1.</summary>
    public int Iteration => _node.Iteration;

    /// <summary>Of a loop: which round of its body is under way, or was the last, from 1; 0 when none has begun.</summary>
    public int Round => _node.Round;

    /// <summary>What it asks a user; null while it does not wait for one.</summary>
    public Prompt? Prompt => _node.Prompt;

    /// <summary>How long it has waited for a user, or run where it never asked one, in this round; pauses of the session are not counted.</summary>
    public TimeSpan Elapsed => _session.Clock - _node.Since;

    /// <summary>How many errors it has had in this round of the loop around it.</summary>
    public int Errors => _node.Errors;

    /// <summary>How often what it did was rejected in this round of the loop around it, and it has tried to do better; failures of its work are not counted.</summary>
    public int Rejections => _node.Rejections;

    /// <summary>What it found, as JSON; null when that is nothing.</summary>
    public JsonElement? Result => _node.Result;

    /// <summary>What it found, or what it said where that is JSON; null when it is not.</summary>
    /// <remarks>Of a node that has not completed in this round: what it had in an earlier one.</remarks>
    public JsonElement? Json => NodeScope.JsonOf(_node, _session.Steps);

    /// <summary>How a user has answered its last prompt in this attempt; null when nobody has.</summary>
    public UserAnswer? Answer => _node.Answer;

    /// <summary>What was said at the node in this attempt, without reasoning; after calls of tools, what was said since the last of them.</summary>
    public string Text => _node.Said;

    /// <summary>Its calls of tools in this round of the loop around it, in order; a new attempt does not begin them anew.</summary>
    public IReadOnlyList<ToolCall> ToolCalls => _node.Tools.Calls;

    /// <summary>What it hands on once it has completed; empty when that is nothing.</summary>
    public string Output => SessionOutput.From(_session, [_node]) ?? string.Empty;

    /// <summary>The nodes that lead to it, in the order of the definition.</summary>
    public IReadOnlyList<NodeView> Before
    {
        get
        {
            _session.Steps.Take();
            return _before ??= [.. _node.Node.Predecessors.Select(predecessor => _session[predecessor].View)];
        }
    }

    /// <summary>Of a map: how many items its list has; 0 before it has begun.</summary>
    public int ItemCount => _node.ItemCount;

    /// <summary>Of a map: from how many of its items something has led back to it.</summary>
    public int ItemsReturned
    {
        get
        {
            _session.Steps.Take(1 + _node.Node.Returns.Count);
            return _node.Node.Returns.Where(last => last.Item < _node.ItemCount && _session[last].HasLedTo(_node.Id)).Select(last => last.Item).Distinct().Count();
        }
    }

    /// <summary>Of a loop: the nodes of its body, each after those that lead to it; of a map those of all items that have begun.</summary>
    public IReadOnlyList<NodeView> Body
    {
        get
        {
            _session.Steps.Take(1 + _node.Node.Body.Count);
            if (_body is null || _body.Count != _node.Node.Body.Count) _body = [.. _node.Node.Body.OrderBy(node => node.Position).Select(node => _session[node].View)];
            return _body;
        }
    }

    /// <summary>The ids of the nodes that follow it, in the order it names them; the loop that it leads back to is one of them.</summary>
    public IReadOnlyList<string> Next => _node.Node.Next;

    /// <summary>How many of the nodes before it must have led to it before it starts; null: it waits for all that can still reach it.</summary>
    public int? Needs => _node.Node.Needs;

    /// <summary>How many of the nodes before it have not ended.</summary>
    public int Awaited => _node.Awaited;

    /// <summary>How many of the nodes before it have led to it: completed, or failed where the session goes on all the same.</summary>
    public int Arrived => _node.Arrived;

    /// <summary>Of a loop: how many nodes of its body have led back to it in this round.</summary>
    public int Returned => _node.Returned;

    /// <summary>What the session works on; in a child workflow, what that does.</summary>
    public string Input => _session.InputOf(_node).Text;

    /// <summary>What its workflow works on, with its members where it has any.</summary>
    internal JsonElement InputJson => _session.InputOf(_node) is var (text, members) && members is { } json ? json : JsonParts.Text(text);

    /// <summary>The session's workflow.</summary>
    public WorkflowDefinition Workflow => _session.Workflow;

    /// <summary>What users said to the whole session so far, in order.</summary>
    public IReadOnlyList<string> UserMessages => _session.UserMessages;

    /// <summary>Whether it has ended well and leads to the node with the id <paramref name="next"/>.</summary>
    public bool HasLedTo(string next) => _node.HasLedTo(next);

    /// <summary>The text of a template with the values of this session in it.</summary>
    /// <exception cref="TemplateException">It is no template, a path leads nowhere, or a limit is reached.</exception>
    public string Render(string template)
    {
        var (read, problem) = TextTemplate.Parse(template);
        return read?.Render(new NodeScope(_session, _node)) ?? throw new TemplateException(problem!.Message);
    }

    /// <summary>Whether a condition holds in this session now.</summary>
    /// <exception cref="TemplateException">It is no condition, a path leads nowhere, or values cannot be compared.</exception>
    public bool Holds(string condition) => Read(condition).Holds(new NodeScope(_session, _node));

    /// <summary>The number that an expression gives in this session now.</summary>
    /// <exception cref="TemplateException">It is no expression, a path leads nowhere, or it gives no number.</exception>
    public decimal Number(string expression) =>
        Read(expression).Value(new NodeScope(_session, _node)) is decimal number ? number : throw new TemplateException($"'{expression}' gives no number.");

    /// <summary>The list that an expression gives in this session now, as JSON.</summary>
    /// <exception cref="TemplateException">It is no expression, a path leads nowhere, or it gives no list.</exception>
    public JsonElement List(string expression) => Read(expression).Value(new NodeScope(_session, _node)) switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } list => list,
        IReadOnlyList<string> texts => JsonParts.List(texts),
        var other => throw new TemplateException($"'{expression}' gives {TemplateValue.Kind(other)}, not a list."),
    };

    /// <summary>What an expression gives in this session now; see <see cref="TemplateScope"/>.</summary>
    internal object? Evaluate(string expression) => Read(expression).Value(new NodeScope(_session, _node));

    private static Expression Read(string text)
    {
        var (read, problem) = Expression.Parse(text);
        return read ?? throw new TemplateException(problem!.Message);
    }
}

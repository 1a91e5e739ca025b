using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine.Calls;

namespace Gateway.Engine;

/// <summary>A node of a session at the moment its kind decides about it, and what it can make happen.</summary>
/// <remarks>
/// What it makes happen becomes events, and is seen in <see cref="Node"/> at once. All that one call of a kind makes happen is one
/// append: after a crash either all of it has happened or none. What is said with <see cref="Say"/> is read by clients as the
/// node's words; what a kind gives as output only is seen by the nodes after it.
/// </remarks>
public sealed class NodeContext
{
    private readonly EventBatch _batch;
    private readonly NodeState _node;

    internal NodeContext(EventBatch batch, NodeState node)
    {
        _batch = batch;
        _node = node;
    }

    /// <summary>The node.</summary>
    public NodeView Node => _node.View;

    /// <summary>The node says something; it is part of its text.</summary>
    public void Say(string text)
    {
        RequireRunning();
        if (text.Length == 0) return;
        _batch.Add(new TokenStream
        {
            SessionId = _batch.SessionId,
            NodeId = _node.Id,
            AgentId = _node.Node.Definition.Agent ?? _node.Id,
            Chunk = text,
            IsThinking = false,
            Iteration = EventBatch.IterationOf(_node),
            Item = EventBatch.ItemOf(_node.Node),
        });
    }

    /// <summary>The node has done its part; what follows it starts.</summary>
    /// <param name="result">What it found, as JSON; null when that is nothing.</param>
    /// <param name="next">Where it leads, some of its ways, as the definition names them; null: everywhere. The others are not taken, which the log keeps.</param>
    public void Complete(JsonElement? result = null, IReadOnlyList<string>? next = null)
    {
        RequireRunning();
        IReadOnlyList<string>? taken = next is null ? null : [.. next.Select(name => _node.Node.FindNext(name) ?? throw new ArgumentException($"Node '{_node.Id}' does not lead to '{name}'.", nameof(next)))];
        _batch.AddStatus(_node, NodeStatus.Completed, result: result, next: taken);
    }

    /// <summary>The next round of the node's body begins.</summary>
    /// <param name="result">What it found about the round that is over, as JSON; null when that is nothing.</param>
    public void BeginRound(JsonElement? result = null)
    {
        RequireRunning();
        if (_node.OpenInBody > 0 || _node.Node.Entry is null) throw new InvalidOperationException($"Node '{_node.Id}' has no body whose round is over.");
        Rounds.Begin(_batch, _node, _node.Round + 1, result);
    }

    /// <summary>What the node has done so far is rejected: it says why that is not good enough; it goes on.</summary>
    /// <remarks>After <see cref="RunAgain"/> its agent is told what it said, and this reason.</remarks>
    public void Reject(NodeFailure reason)
    {
        RequireRunning();
        AddError(reason);
    }

    /// <summary>The node fails; what follows is for its <c>on_error</c> to say.</summary>
    public void Fail(NodeFailure failure)
    {
        RequireRunning();
        AddError(failure);
        _batch.AddStatus(_node, NodeStatus.Failed);
    }

    /// <summary>The node asks a user and waits for the answer, as long as it takes.</summary>
    public void Ask(string question) => Ask(new Question(question));

    /// <summary>The node asks a user and waits for an answer that is as the question says, or until it is too late for one.</summary>
    public void Ask(Question question)
    {
        RequireRunning();
        _batch.AddStatus(_node, NodeStatus.Suspended, prompt: new Prompt
        {
            PromptId = Conversation.PromptId(_node.Id, _node.Iteration, question.Key),
            Text = question.Text,
            Kind = question.Kind,
            Actions = question.Actions.Count > 0 ? question.Actions : null,
            Schema = question.Schema,
            Data = question.Data,
            Assignees = question.Assignees.Count > 0 ? question.Assignees : null,
            RemindAt = _batch.Now + question.RemindIn,
            ExpiresAt = _batch.Now + question.ExpiresIn,
            OnExpiry = question.OnExpiry,
        });
    }

    /// <summary>The node asks once more what it asked last in this attempt, with the same time for an answer; false when it has asked nothing.</summary>
    public bool AskAgain()
    {
        RequireRunning();
        if (_node.LastPrompt is not { } prompt) return false;
        _batch.AddStatus(_node, NodeStatus.Suspended, prompt: _batch.Renew(_node, prompt));
        return true;
    }

    /// <summary>The node is left out, as if its condition did not hold; so is what only it leads to.</summary>
    public void Skip()
    {
        RequireRunning();
        _batch.AddStatus(_node, NodeStatus.Skipped);
    }

    /// <summary>The node calls a tool, once a person has approved it where that is asked for; its work is then a <see cref="ToolWork"/>.</summary>
    /// <remarks>Afterwards its kind's <c>Finished</c> or <c>Failed</c> decides; what the tool answered is the last of <see cref="NodeView.ToolCalls"/>.</remarks>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">A JSON object.</param>
    /// <param name="approval">When a person must approve it, one of <see cref="ToolApproval"/>.</param>
    public void Call(string tool, JsonElement arguments, string approval)
    {
        RequireRunning();
        if (arguments.ValueKind != JsonValueKind.Object) throw new ArgumentException("The arguments of a tool are a JSON object.", nameof(arguments));
        if (_node.Tools.Open > 0) throw new InvalidOperationException($"Node '{_node.Id}' has called a tool already, and that has not answered.");
        ToolCalls.Begin(_batch, _node, [new RequestedCall(tool, arguments, approval)]);
    }

    /// <summary>The node's last call of a tool, which has failed, is made again, with the same id and key.</summary>
    public void CallAgain()
    {
        RequireRunning();
        if (_node.Tools.Calls is not [.., { Status: ToolCallStatus.Failed } last]) throw new InvalidOperationException($"Node '{_node.Id}' has no call of a tool that failed.");
        ToolCalls.Repeat(_batch, _node, last);
    }

    /// <summary>The node runs in a new attempt; what it said before is void.</summary>
    public void RunAgain()
    {
        RequireRunning();
        _batch.AddStatus(_node, NodeStatus.Running, _node.Attempt + 1);
    }

    /// <summary>Tells that the nodes after this one run side by side from here.</summary>
    public void Branch()
    {
        RequireRunning();
        _batch.Add(new ParallelStart { SessionId = _batch.SessionId, NodeId = _node.Id, Branches = _node.Node.SuccessorIds, Iteration = EventBatch.IterationOf(_node), Item = EventBatch.ItemOf(_node.Node) });
    }

    private void AddError(NodeFailure failure) =>
        _batch.Add(new ExecutionError { SessionId = _batch.SessionId, NodeId = _node.Id, Error = failure.Message, Code = failure.Code, Iteration = EventBatch.IterationOf(_node), Item = EventBatch.ItemOf(_node.Node) });

    private void RequireRunning()
    {
        if (_node.Status != NodeStatus.Running) throw new InvalidOperationException($"Node '{_node.Id}' is {_node.Status}; only while it runs can something happen at it.");
    }
}

using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>What the nodes of one type do; the whole of a type is one class.</summary>
/// <remarks>
/// A host adds its own with <see cref="EngineServices.AddNodeKind{TKind}"/>, and derives from <see cref="NodeKind"/>, which
/// has the usual answer to every question but two. One object serves all sessions at once, so it holds no state. Its answers follow from
/// what it is given and from nothing else, no clock, no chance, no I/O: a session is rebuilt from its log after a crash,
/// and must then be told the same.
/// </remarks>
public interface INodeKind : INodeShape
{
    /// <summary>Whether a pending node starts; asked whenever a node before it has ended.</summary>
    Readiness IsReady(NodeView node);

    /// <summary>The node has just begun to run.</summary>
    /// <remarks>Afterwards it has ended, waits for a user, or has <see cref="Work"/>.</remarks>
    void Start(NodeContext node);

    /// <summary>What is at work for a node as long as it runs; null: nothing.</summary>
    /// <remarks>Asked once for each time its status becomes <c>running</c>. The engine begins the work, and stops it when the node no longer runs.</remarks>
    NodeWork? Work(NodeView node);

    /// <summary>The work of a running node is done.</summary>
    void Finished(NodeContext node);

    /// <summary>The work of a running node failed.</summary>
    void Failed(NodeContext node, NodeFailure failure);

    /// <summary>Why an answer to the node's prompt cannot be taken, as a sentence; null when it can.</summary>
    string? RefuseAnswer(NodeView node, string answer);

    /// <summary>A user has answered the node's prompt; the answer is part of its text already.</summary>
    void Answered(NodeContext node, string answer);

    /// <summary>The node was running when its process ended, and runs again.</summary>
    /// <remarks>A node with <see cref="Work"/> is in a new attempt by now, and what it said before is void.</remarks>
    void Recover(NodeContext node);

    /// <summary>Whether a completed node leads to <paramref name="next"/>, one of its <c>next</c>; where it does not, that branch is skipped.</summary>
    bool LeadsTo(NodeView node, string next);

    /// <summary>What a completed node hands on, to prompts and to the session's output.</summary>
    NodeOutput Output(NodeView node);

    /// <summary>The heading of the node's output in the prompt of an agent.</summary>
    string Heading(NodeView node);
}

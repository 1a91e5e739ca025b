using System.Text.Json;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>What the nodes of one type do; the whole of a type is one class.</summary>
/// <remarks>
/// A host adds its own with <see cref="EngineServices.AddNodeKind{TKind}"/>, and derives from <see cref="NodeKind"/>, which
/// has the usual answer to every question but two. One object serves all sessions at once, so it holds no state. Its answers follow from
/// what it is given and from nothing else, no clock, no chance, no I/O: a session is rebuilt from its log after a crash,
/// and must then be told the same. A <see cref="Gateway.Templates.TemplateException"/> that it lets pass makes the node fail.
/// </remarks>
public interface INodeKind : INodeShape
{
    /// <summary>Whether a pending node starts; asked whenever a node before it has ended.</summary>
    Readiness IsReady(NodeView node);

    /// <summary>What the body of a node is given when the node begins: the list that a map goes over, the input of a child workflow; null for every other node.</summary>
    /// <remarks>The log keeps it, so it is asked once. A <see cref="Gateway.Templates.TemplateException"/> makes the node fail.</remarks>
    JsonElement? Given(NodeView node);

    /// <summary>Of a node that goes over a list: how many of its items may be under way at once.</summary>
    int ItemsAtOnce(NodeView node);

    /// <summary>The node has just begun to run; when it has a body, so has the first round of that.</summary>
    /// <remarks>Afterwards it has ended, waits for a user, has <see cref="Work"/>, or its body runs.</remarks>
    void Start(NodeContext node);

    /// <summary>What is at work for a node as long as it runs; null: nothing.</summary>
    /// <remarks>Asked once for each time its status becomes <c>running</c>. The engine begins the work, and stops it when the node no longer runs.</remarks>
    NodeWork? Work(NodeView node);

    /// <summary>When the time of a node comes that runs or waits for a user, counted from when it began to; null: never.</summary>
    /// <remarks>
    /// Asked once after each change of its status, and it costs nothing to have a time: it survives crashes, and a session that only waits
    /// leaves the memory and is back when the time comes. The clock (<see cref="NodeView.Elapsed"/>) stands still while the session is
    /// paused, and goes on while it only waits for somebody.
    /// </remarks>
    TimeSpan? Due(NodeView node);

    /// <summary>The time that <see cref="Due"/> named has come, once; a node that waited for a user runs for that, and <see cref="NodeView.Elapsed"/> says how long it has waited.</summary>
    /// <remarks>Afterwards it has ended, waits for a user again, or has <see cref="Work"/>; and <see cref="Due"/> names a later time, or none.</remarks>
    void TimeCame(NodeContext node);

    /// <summary>The work of a running node is done.</summary>
    void Finished(NodeContext node);

    /// <summary>The work of a running node failed, and its <c>retry</c> and <c>fallback</c> have no other try for it.</summary>
    void Failed(NodeContext node, NodeFailure failure);

    /// <summary>Every node of the running node's body has ended.</summary>
    /// <remarks>Afterwards the next round has begun, or the node has ended.</remarks>
    void RoundEnded(NodeContext node);

    /// <summary>Why an answer to the node's prompt cannot be taken, as a sentence; null when it can.</summary>
    /// <remarks>Asked of an answer that names one of the prompt's actions and fits its schema.</remarks>
    string? RefuseAnswer(NodeView node, UserAnswer answer);

    /// <summary>A user has answered the node's prompt; the answer is part of its text already.</summary>
    void Answered(NodeContext node, UserAnswer answer);

    /// <summary>Nobody has answered the node's prompt in time.</summary>
    /// <remarks>What it makes of that tells so in the log: it fails with the reason, or goes on with <see cref="NodeContext.Reject"/> first.</remarks>
    void Expired(NodeContext node, NodeFailure reason);

    /// <summary>The node was running when its process ended, or its work failed and is tried again, and runs again.</summary>
    /// <remarks>A node with <see cref="Work"/> is in a new attempt by now, and what it said before is void.</remarks>
    void Recover(NodeContext node);

    /// <summary>What a completed node hands on, to prompts and to the session's output.</summary>
    NodeOutput Output(NodeView node);

    /// <summary>The heading of the node's output in the prompt of an agent.</summary>
    string Heading(NodeView node);
}

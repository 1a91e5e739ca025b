using Gateway.Contracts;

namespace Gateway.Doors.AgUi;

/// <summary>A node of the session as AG-UI shows it: a step of the run, or a sub-agent where it works beside others.</summary>
internal sealed class AgUiLane(string nodeId)
{
    /// <summary>The node.</summary>
    public string NodeId => nodeId;

    /// <summary>One of <see cref="NodeStatus"/>.</summary>
    public string Status { get; set; } = NodeStatus.Pending;

    /// <summary>Which round of a loop this is.</summary>
    public int Iteration { get; set; } = 1;

    /// <summary>Which try this is.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Whether it is told as a sub-agent.</summary>
    public bool IsSubagent { get; set; }

    /// <summary>Whether the run has been told that it has begun, and not that it is over.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The last error of this try.</summary>
    public (string Sentence, string Code)? Error { get; set; }

    /// <summary>What it asks; null when it asks nothing.</summary>
    public Prompt? Prompt { get; set; }

    /// <summary>What it is saying; null between two messages.</summary>
    public AgUiMessage? Text { get; set; }

    /// <summary>What it is reasoning.</summary>
    public AgUiMessage? Reasoning { get; set; }

    /// <summary>The message whose calls of tools are being told; null once it has said something else.</summary>
    public AgUiMessage? Calling { get; set; }

    /// <summary>How many messages it has begun in this try.</summary>
    public int Messages { get; set; }

    /// <summary>Whether it is at work or waits for somebody.</summary>
    public bool IsActive => Status is NodeStatus.Running or NodeStatus.Suspended;

    /// <summary>The sub-agent's name for this invocation; null where it is a step.</summary>
    public string? SubagentRunId => IsSubagent ? $"{nodeId}#{Iteration}" : null;
}

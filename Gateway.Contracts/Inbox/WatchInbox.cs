using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>Which prompts of the inbox to watch, and from where on.</summary>
[DataContract]
public sealed record WatchInbox
{
    /// <summary>Only prompts that this person may answer: those for them, and those for anybody; absent: all.</summary>
    [DataMember(Name = "assignee")]
    public string? Assignee { get; init; }

    /// <summary>Only prompts of sessions of this workflow; absent: of all.</summary>
    [DataMember(Name = "workflow_id")]
    public string? WorkflowId { get; init; }

    /// <summary>The <c>position</c> of the last frame received, or of a page; absent: all that waits comes first.</summary>
    [DataMember(Name = "after")]
    public string? After { get; init; }
}

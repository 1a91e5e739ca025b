using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>Something that can be chosen as the answer to a prompt.</summary>
[DataContract]
public sealed record PromptAction
{
    /// <summary>The action that agrees.</summary>
    public const string Approve = "approve";

    /// <summary>The action that refuses.</summary>
    public const string Reject = "reject";

    /// <summary>The action that puts something else in the place of what is asked about.</summary>
    public const string Edit = "edit";

    /// <summary>The action that lets a session go on with a higher budget.</summary>
    public const string Raise = "raise";

    /// <summary>The action that ends what has used up its budget.</summary>
    public const string Stop = "stop";

    /// <summary>Names it in <c>user_input</c>.</summary>
    [DataMember(Name = "id")]
    public required string Id { get; init; }

    /// <summary>What a button says; absent: the id.</summary>
    [DataMember(Name = "label")]
    public string? Label { get; init; }

    /// <summary>True when the answer also needs data, where the prompt has a schema, or words; absent otherwise.</summary>
    [DataMember(Name = "needs_input")]
    public bool? NeedsInput { get; init; }
}

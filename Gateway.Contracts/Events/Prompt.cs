using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>A question a suspended node asks; the first answer wins.</summary>
[DataContract]
public sealed record Prompt
{
    /// <summary>Names the prompt in <c>user_input</c>; unique within the session.</summary>
    [DataMember(Name = "prompt_id")]
    public required string PromptId { get; init; }

    /// <summary>The question to show.</summary>
    [DataMember(Name = "text")]
    public required string Text { get; init; }
}

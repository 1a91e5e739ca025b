using System.Runtime.Serialization;
using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>How a prompt was answered, beside the words.</summary>
[DataContract]
public sealed record PromptAnswer
{
    /// <summary>The id of the action that was chosen.</summary>
    [DataMember(Name = "action")]
    public string? Action { get; init; }

    /// <summary>What was answered as JSON; it fits the prompt's schema.</summary>
    [DataMember(Name = "data")]
    public JsonElement? Data { get; init; }

    /// <summary>Which prompt is answered, where the session itself has asked; absent where a node has.</summary>
    [DataMember(Name = "prompt_id")]
    public string? PromptId { get; init; }

    /// <summary>The name of who answered; absent where the gateway does not know it.</summary>
    [DataMember(Name = "by")]
    public string? By { get; init; }
}

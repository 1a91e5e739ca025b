using System.Runtime.Serialization;
using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>A call of a tool, or what an event tells of it; the member <c>tool</c> of <c>token_stream</c>.</summary>
/// <remarks>An event tells what is new of the call. What it leaves out is as the events before it said.</remarks>
[DataContract]
public sealed record ToolCall
{
    /// <summary>Names the call; unique within the session, and the same in every attempt of its node.</summary>
    [DataMember(Name = "call_id")]
    public required string CallId { get; init; }

    /// <summary>The tool.</summary>
    [DataMember(Name = "name")]
    public required string Name { get; init; }

    /// <summary>One of <see cref="ToolCallStatus"/>.</summary>
    [DataMember(Name = "status")]
    public required string Status { get; init; }

    /// <summary>Which round of calls of its node it belongs to, when above 1; the calls of one round run side by side.</summary>
    [DataMember(Name = "round")]
    public int? Round { get; init; }

    /// <summary>Why a person must approve it, one of <see cref="ToolApproval"/>; absent when nobody must.</summary>
    [DataMember(Name = "approval")]
    public string? Approval { get; init; }

    /// <summary>What the tool is given, a JSON object; a string where the model wrote something else, and where it is cut.</summary>
    [DataMember(Name = "arguments")]
    public JsonElement? Arguments { get; init; }

    /// <summary>The length of the arguments, in characters, when they are cut.</summary>
    [DataMember(Name = "arguments_length")]
    public long? ArgumentsLength { get; init; }

    /// <summary>What the tool answered, or why it did not.</summary>
    [DataMember(Name = "result")]
    public string? Result { get; init; }

    /// <summary>The length of the result, in characters, when it is cut.</summary>
    [DataMember(Name = "result_length")]
    public long? ResultLength { get; init; }
}

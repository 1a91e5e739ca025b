using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>How every message of the contract is written as JSON: snake_case, absent instead of null.</summary>
/// <remarks>Use <see cref="Wire"/>: it also writes letters of all scripts as they are, instead of as escapes.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SessionEvent))]
[JsonSerializable(typeof(StartSession))]
[JsonSerializable(typeof(ForkSession))]
[JsonSerializable(typeof(RetrySession))]
[JsonSerializable(typeof(PauseSession))]
[JsonSerializable(typeof(ResumeSession))]
[JsonSerializable(typeof(UserInput))]
[JsonSerializable(typeof(CancelSession))]
[JsonSerializable(typeof(Subscribe))]
[JsonSerializable(typeof(Unsubscribe))]
[JsonSerializable(typeof(SessionAck))]
[JsonSerializable(typeof(ReplyFrame))]
[JsonSerializable(typeof(WorkflowDefinition))]
[JsonSerializable(typeof(SessionSnapshot))]
[JsonSerializable(typeof(SessionPage))]
[JsonSerializable(typeof(SnapshotFrame))]
[JsonSerializable(typeof(PromptPage))]
[JsonSerializable(typeof(InboxFrame))]
[JsonSerializable(typeof(WatchInbox))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
[SuppressMessage("ApiDesign", "RS0016:Add public types and members to the declared API", Justification = GeneratedMembers)]
[SuppressMessage("ApiDesign", "RS0041:Public members should not use oblivious types", Justification = GeneratedMembers)]
public sealed partial class ContractsJson : JsonSerializerContext
{
    private const string GeneratedMembers = "The generated members follow from the attributes, which a review sees.";

    /// <summary>The context all wires use.</summary>
    public static ContractsJson Wire { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A required member that is null is refused where it is read, not where it is used.
        RespectNullableAnnotations = true,
    });
}

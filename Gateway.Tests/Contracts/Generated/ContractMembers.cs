using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Contracts;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>The members of the contract's records as the serializer sees them, and those whose text is one of a list of names.</summary>
internal static class ContractMembers
{
    private static readonly Dictionary<(Type Record, string Member), Type> s_names = new()
    {
        [(typeof(NodeStateChange), "status")] = typeof(NodeStatus),
        [(typeof(NodeSnapshot), "status")] = typeof(NodeStatus),
        [(typeof(NodeStateChange), "cause")] = typeof(AttemptCause),
        [(typeof(NodeWait), "reason")] = typeof(NodeWaitReason),
        [(typeof(ExecutionPaused), "reason")] = typeof(PauseReason),
        [(typeof(ExecutionCompleted), "status")] = typeof(SessionStatus),
        [(typeof(SessionSnapshot), "status")] = typeof(SessionStatus),
        [(typeof(SessionSnapshot), "pause_reason")] = typeof(PauseReason),
        [(typeof(SessionSummary), "status")] = typeof(SessionStatus),
        [(typeof(ExecutionError), "code")] = typeof(ErrorCode),
        [(typeof(ReplyData), "code")] = typeof(ErrorCode),
        [(typeof(SessionSnapshot), "error_code")] = typeof(ErrorCode),
        [(typeof(InboxFrame), "event")] = typeof(InboxEvents),
        [(typeof(InboxPrompt), "outcome")] = typeof(PromptOutcome),
    };

    // A type of nodes that a host adds may fail with a code of its own.
    private static readonly HashSet<(Type Record, string Member)> s_open = [(typeof(ExecutionError), "code"), (typeof(SessionSnapshot), "error_code")];

    /// <summary>The lists of names, each a class of constants.</summary>
    public static IReadOnlyList<Type> Names { get; } = [.. s_names.Values.Distinct().OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>The members that have names of their own, and that no record has.</summary>
    public static IEnumerable<string> UnknownNames() =>
        s_names.Keys.Concat(s_open).Where(key => Of(key.Record).All(property => property.Name != key.Member)).Select(key => $"{key.Record.Name}.{key.Member}");

    /// <summary>The list of names that a member's text is one of; null when it may be any.</summary>
    public static Type? NamesOf(Type record, string member) => s_names.GetValueOrDefault((record, member));

    /// <summary>Whether a member with a list of names may hold another one, too.</summary>
    public static bool IsOpen(Type record, string member) => s_open.Contains((record, member));

    /// <summary>The constants of a list of names.</summary>
    public static IReadOnlyList<FieldInfo> Constants(Type names) => [.. names.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)];

    /// <summary>The members that are written, in order.</summary>
    public static IReadOnlyList<JsonPropertyInfo> Of(Type record) => [.. ContractsJson.Wire.Options.GetTypeInfo(record).Properties.Where(property => property.Get is not null)];

    /// <summary>The property behind a member, by its name on the wire.</summary>
    public static PropertyInfo Property(Type record, string member) =>
        record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Single(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) == member);

    /// <summary>Whether a type is a record of the contract.</summary>
    public static bool IsRecord(Type type) => type.IsClass && type.Namespace == typeof(SessionEvent).Namespace;
}

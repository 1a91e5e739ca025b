using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Conformance.Check;

/// <summary>Whether two events say the same, whatever wire they came by.</summary>
internal static class SameEvent
{
    /// <summary>Whether <paramref name="heard"/> says everything that <paramref name="logged"/> does; what it has beyond that is not looked at.</summary>
    /// <remarks>Null stands for absent, as MessagePack has it, and numbers are equal when they name the same amount.</remarks>
    public static bool Includes(JsonNode? heard, JsonNode? logged, bool withTime = true) => logged switch
    {
        null => true,
        JsonObject all => heard is JsonObject some && all.All(member => (!withTime && member.Key == "timestamp") || Includes(some[member.Key], member.Value)),
        JsonArray all => heard is JsonArray some && all.Count == some.Count && all.Zip(some).All(pair => Includes(pair.Second, pair.First)),
        JsonValue value => heard is JsonValue other && IsSame(other, value),
        _ => false,
    };

    private static bool IsSame(JsonValue heard, JsonValue logged) =>
        JsonNode.DeepEquals(heard, logged) || (Number(heard) is { } left && Number(logged) is { } right && (left == right || Math.Abs(left - right) <= Math.Abs(right) * 1e-12));

    private static double? Number(JsonValue value) =>
        double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}

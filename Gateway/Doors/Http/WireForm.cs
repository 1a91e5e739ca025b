using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Doors.Http;

/// <summary>The form of the API's own messages among the JSON settings of a host, which may name the members of its types as it likes.</summary>
internal static class WireForm
{
    /// <summary>Gives the members of a message the names they have on the wire, and numbers no second form.</summary>
    public static void Set(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        foreach (var member in type.Properties)
        {
            member.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);

            // Values say what they are: "5" is a string, 5 is a number.
            member.NumberHandling = JsonNumberHandling.Strict;
        }
    }
}

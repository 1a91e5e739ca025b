using System.Text;
using System.Text.Json;

namespace Gateway.Engine;

/// <summary>An input with members as the text that agents read.</summary>
internal static class InputText
{
    /// <summary>An object as its subject, or as one <c>name: value</c> line a member.</summary>
    public static string Lines(JsonElement value)
    {
        var text = new StringBuilder();
        var members = value.EnumerateObject().ToList();
        if (members is [{ Name: "subject" or "topic" or "input" or "text", Value.ValueKind: JsonValueKind.String }]) return members[0].Value.GetString()!;

        foreach (var member in members)
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(member.Name).Append(": ");
            text.Append(member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText());
        }

        return text.ToString();
    }
}

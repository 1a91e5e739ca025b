using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Contracts.Schemas;

/// <summary>The frames that a document shows: in its blocks of code, and between backticks.</summary>
internal static partial class DocumentFrames
{
    public static IReadOnlyList<JsonElement> Read(string markdown) => [.. Frame().Matches(markdown).Select(match => JsonElement.Parse(match.Groups[1].Value))];

    // From its brace to the end of its line, or to the quote or backtick that it stands in.
    [GeneratedRegex("""(?<=^|[`'])(\{"(?:event|cmd)":[^`'\n]*\})(?=$|[`'])""", RegexOptions.Multiline)]
    private static partial Regex Frame();
}

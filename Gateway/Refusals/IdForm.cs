using System.Text.RegularExpressions;

namespace Gateway.Refusals;

/// <summary>The form that the ids of sessions, workflows, agents and nodes share.</summary>
internal static partial class IdForm
{
    /// <summary>How every message about an id describes the form.</summary>
    public const string Words = "1 to 64 characters, each a letter A-Z or a-z, a digit, '-' or '_'";

    /// <summary>The form as a regular expression, without anchors.</summary>
    public const string Pattern = "[A-Za-z0-9_-]{1,64}";

    /// <summary>Whether a text is of the form <c>[A-Za-z0-9_-]{1,64}</c>.</summary>
    public static bool Matches(string text) => Whole().IsMatch(text);

    [GeneratedRegex(@"\A" + Pattern + @"\z")]
    private static partial Regex Whole();
}

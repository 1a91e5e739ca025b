namespace Gateway.Models.Network;

/// <summary>Whether reasoning between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> is told apart from the text: the words of the setting.</summary>
internal static class ThinkTags
{
    /// <summary>Yes, where an answer begins with the tag and its provider has sent no reasoning of its own.</summary>
    public const string Auto = "auto";

    /// <summary>No: the text is shown as it comes.</summary>
    public const string Off = "off";

    /// <summary>Yes, and every answer begins inside: the model's template has written the first tag already.</summary>
    public const string Opened = "opened";
}

using System.Text.RegularExpressions;

namespace Gateway.Models.Network;

/// <summary>Takes secrets out of what a provider said.</summary>
/// <param name="apiKey">The key to look for, besides anything that looks like one.</param>
internal sealed partial class KeyRedactor(string? apiKey)
{
    private const string Redacted = "[redacted]";

    // Escaped as a URL or as JSON the key is the same secret.
    private readonly string[] _forms = string.IsNullOrEmpty(apiKey)
        ? []
        : [.. new[] { apiKey, Uri.EscapeDataString(apiKey), System.Text.Json.JsonEncodedText.Encode(apiKey).ToString() }.Distinct()];

    public string Redact(string text)
    {
        foreach (var form in _forms) text = text.Replace(form, Redacted, StringComparison.OrdinalIgnoreCase);
        return LooksSecret().Replace(text, Redacted);
    }

    // "Bearer abc", "Basic abc", and keys that say what they are, also when a provider shows only their ends.
    [GeneratedRegex(@"\b(Bearer|Basic)\s+[^\s""',;]+|\bsk-[\w*.\-]{4,}", RegexOptions.IgnoreCase)]
    private static partial Regex LooksSecret();
}

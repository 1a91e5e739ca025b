using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Models.Network;

/// <summary>Takes secrets out of what a provider said.</summary>
/// <remarks>A key that is a plain word, such as <c>ollama</c> or <c>EMPTY</c>, is what servers without keys are given. It is no secret, and to take it out would spoil the sentence.</remarks>
/// <param name="apiKey">The key to look for, besides anything that looks like one.</param>
internal sealed partial class KeyRedactor(string? apiKey)
{
    private const string Redacted = "[redacted]";

    // A shorter key is looked for as a word of its own: its letters may be part of other words.
    private const int Unmistakable = 8;

    private const int LongestWord = 16;

    // Escaped as a URL or as JSON the key is the same secret.
    private readonly Regex? _key = IsPlain(apiKey) ? null : new Regex(
        string.Join('|', new[] { apiKey!, Uri.EscapeDataString(apiKey!), JsonEncodedText.Encode(apiKey!).ToString() }.Distinct().Select(form => apiKey!.Length >= Unmistakable ? Regex.Escape(form) : $@"(?<![A-Za-z0-9]){Regex.Escape(form)}(?![A-Za-z0-9])")),
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Takes the key, and whatever looks like one, out of a provider's words.</summary>
    public string Redact(string text) => LooksSecret().Replace(_key?.Replace(text, Redacted) ?? text, Redacted);

    /// <summary>Takes the key out of a sentence of the gateway, in which a short one can only be a part of something else.</summary>
    public string RedactOwn(string text) => apiKey?.Length >= Unmistakable ? Redact(text) : LooksSecret().Replace(text, Redacted);

    private static bool IsPlain(string? key) =>
        string.IsNullOrEmpty(key) || key.Length < 3 || (key.Length < LongestWord && key.All(c => char.IsAsciiLetter(c) || c is '-' or '_'));

    // "Bearer abc1", "Basic abc=", and keys that say what they are, also when a provider shows only their ends.
    // "Bearer token" has no digit and no sign, and is not one.
    [GeneratedRegex(@"\b(Bearer|Basic)\s+(?=[^\s""',;]*(\d|[+/=_.~-]\w|=|\[redacted\]))[^\s""',;]+|\bsk-[\w*.\-]{4,}", RegexOptions.IgnoreCase)]
    private static partial Regex LooksSecret();
}

using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Webhooks;

/// <summary>A secret that messages are signed with, as Standard Webhooks has it.</summary>
/// <remarks>A class and not a record, so that printing it can never show the secret.</remarks>
internal sealed class WebhookKey
{
    private const string Prefix = "whsec_";
    private const string Version = "v1,";
    private const int Least = 24;
    private const int Most = 64;

    private readonly byte[] _key;

    private WebhookKey(byte[] key) => _key = key;

    /// <summary>Reads <c>whsec_</c> and 24 to 64 bytes in Base64; null when the text is something else.</summary>
    public static WebhookKey? Parse(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || !Base64.IsValid(secret.AsSpan(Prefix.Length), out var length) || length is < Least or > Most) return null;
        return secret.Any(char.IsWhiteSpace) ? null : new WebhookKey(Convert.FromBase64String(secret[Prefix.Length..]));
    }

    /// <summary>The signature of a message: <c>v1,</c> and the HMAC-SHA256 of its id, its time and its body, in Base64.</summary>
    /// <param name="id">The message's name, without a point.</param>
    /// <param name="timestamp">When it is sent, in seconds since 1970.</param>
    /// <param name="body">Its body, byte for byte.</param>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        byte[] message = [.. head, .. body];
        return Version + Convert.ToBase64String(HMACSHA256.HashData(_key, message));
    }
}

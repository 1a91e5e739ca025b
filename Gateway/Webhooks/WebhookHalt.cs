using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Webhooks;

/// <summary>An endpoint that has answered 410 and is sent nothing more, as the store keeps it.</summary>
/// <param name="At">Since when, UTC.</param>
/// <param name="Address">A fingerprint of its address: another one is another endpoint.</param>
internal sealed record WebhookHalt(DateTime At, string Address)
{
    private const char Separator = ' ';

    /// <summary>The fingerprint of an address.</summary>
    public static string FingerprintOf(Uri url) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url.AbsoluteUri)).AsSpan(0, 8));

    /// <summary>Reads what the store keeps; null when it is none.</summary>
    public static WebhookHalt? Parse(string? text) =>
        text?.Split(Separator) is [var at, var address] && DateTime.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? new(time, address) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{At.ToString("O", CultureInfo.InvariantCulture)}{Separator}{Address}";
}

using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace Gateway.Client.Chat;

/// <summary>How far a response has been read: what a continuation token says.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Seq">Its last event that is known.</param>
internal readonly record struct ChatPosition(string SessionId, long Seq)
{
    /// <summary>Reads a token.</summary>
    /// <exception cref="ArgumentException">It is not one of a gateway's.</exception>
    public static ChatPosition Parse(ResponseContinuationToken token)
    {
        var text = Encoding.UTF8.GetString(token.ToBytes().Span);
        var dot = text.LastIndexOf('.');
        return dot > 0 && long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? new ChatPosition(text[..dot], seq)
            : throw new ArgumentException("The continuation token is none of a gateway's session.", nameof(token));
    }

    /// <summary>The token, which is valid as long as the session is kept.</summary>
    public ResponseContinuationToken ToToken() => ResponseContinuationToken.FromBytes(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{SessionId}.{Seq}")));
}

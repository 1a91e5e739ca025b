using System.Security.Cryptography;
using System.Text;
using Gateway.Log;

namespace Gateway.Webhooks;

/// <summary>What an endpoint is told: a name, and a body that is made of the log, so that both are the same whenever they are made.</summary>
/// <param name="Id">Names the message for its endpoint; the same however often it is sent.</param>
/// <param name="Type">One of <see cref="WebhookTypes"/>.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Seq">The event that it tells of.</param>
/// <param name="Body">JSON, UTF-8.</param>
internal sealed record WebhookMessage(string Id, string Type, string SessionId, long Seq, ReadOnlyMemory<byte> Body)
{
    /// <summary>The name of a message: of an endpoint, a session and an event.</summary>
    /// <remarks>The session's beginning counts, too: one that is deleted and started again under its id is another.</remarks>
    public static string NameOf(string endpoint, SessionEntry session, long seq)
    {
        var what = FormattableString.Invariant($"{endpoint}\n{session.SessionId}\n{session.CreatedAt.Ticks}\n{seq}");
        return $"msg_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, 16))}";
    }
}

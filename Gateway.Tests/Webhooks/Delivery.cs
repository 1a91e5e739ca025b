using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace Gateway.Tests.Webhooks;

/// <summary>A message as it came.</summary>
internal sealed record Delivery(string Id, string Timestamp, string Body, IHeaderDictionary Headers)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public string SessionId => Data.GetProperty("session_id").GetString()!;

    public long Seq => Data.GetProperty("seq").GetInt64();

    /// <summary>Whether one of its signatures is of a secret; of several the package passes over the last, so it sees one at a time.</summary>
    public bool IsSignedWith(string secret) => Headers["webhook-signature"].ToString().Split(' ').Any(signature =>
    {
        try
        {
            new StandardWebhook(secret).Verify(Body, new HeaderDictionary { ["webhook-id"] = Id, ["webhook-timestamp"] = Timestamp, ["webhook-signature"] = signature });
            return true;
        }
        catch (WebhookVerificationException)
        {
            return false;
        }
    });

    public JsonElement Data => Json.GetProperty("data");

    private JsonElement Json => JsonElement.Parse(Body);
}

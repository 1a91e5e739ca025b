using System.Globalization;
using System.Text;
using Gateway.Webhooks;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;
using Xunit;

namespace Gateway.Tests.Webhooks;

/// <summary>Signatures, held against the vector that implementations of Standard Webhooks share, and against one of them.</summary>
public sealed class WebhookKeyTests
{
    private const string Shared = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public void A_signature_is_that_of_the_shared_vector() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookKey.Parse(Shared)!.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8));

    [Fact]
    public void Another_implementation_takes_it_and_nothing_that_was_changed()
    {
        const string body = """{"type":"session.completed","data":{"session_id":"Größe"}}""";
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signature = WebhookKey.Parse(Shared)!.Sign("msg_1", now, Encoding.UTF8.GetBytes(body));
        var webhook = new StandardWebhook(Shared);

        webhook.Verify(body, Headers("msg_1", now, signature));

        Assert.Throws<WebhookVerificationException>(() => webhook.Verify(body + " ", Headers("msg_1", now, signature)));
        Assert.Throws<WebhookVerificationException>(() => webhook.Verify(body, Headers("msg_2", now, signature)));
        Assert.Throws<WebhookVerificationException>(() => webhook.Verify(body, Headers("msg_1", now + 1, signature)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8I LPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8I-PZIo2LaLaSw")]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_no_secret_is_none(string text) => Assert.Null(WebhookKey.Parse(text));

    private static HeaderDictionary Headers(string id, long timestamp, string signature) => new()
    {
        ["webhook-id"] = id,
        ["webhook-timestamp"] = timestamp.ToString(CultureInfo.InvariantCulture),
        ["webhook-signature"] = signature,
    };
}

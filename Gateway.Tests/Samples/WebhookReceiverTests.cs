using System.Text.RegularExpressions;
using Gateway.Tests.Infrastructure;
using Gateway.Webhooks;
using Xunit;

namespace Gateway.Tests.Samples;

/// <summary>The sample that is told takes what is signed, once, and nothing else.</summary>
public sealed partial class WebhookReceiverTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static readonly byte[] Body = """{"type":"session.completed","timestamp":"2026-11-27T12:00:00.0000000Z","data":{"session_id":"first","workflow_id":"quick-answer","seq":9}}"""u8.ToArray();

    [Fact]
    public async Task It_takes_a_message_once_and_refuses_what_another_has_signed()
    {
        await using var sample = SampleProcess.Start(
            Tool.DotNet,
            [Repository.ProgramOf("samples/WebhookReceiver"), "--urls", "http://127.0.0.1:0", $"--Secret={Secret}"],
            folder: Path.Combine(Repository.Root, "samples", "WebhookReceiver"));
        await sample.SeeAsync("Application started.");
        var url = new Uri(Address().Match(sample.Output).Value + "/hooks");

        Assert.Equal("It has answered 401.", (await SendAsync(url, Other)).Problem);
        Assert.True((await SendAsync(url, Secret)).IsTaken);
        await sample.SeeAsync("session.completed first (msg_1)");
        Assert.True((await SendAsync(url, Secret)).IsTaken);
        await sample.SeeAsync("again msg_1");
    }

    private static async Task<WebhookAnswer> SendAsync(Uri url, string secret)
    {
        var connect = new GuardedConnect(new AddressGuard(Networks.Parse("127.0.0.0/8", out _)), (_, _) => throw new InvalidOperationException());
        using var sender = new WebhookSender(url, [WebhookKey.Parse(secret)!], TimeSpan.FromSeconds(30), WebhookHttp.Create(connect, 1), TimeProvider.System);
        return await sender.SendAsync("msg_1", Body, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}

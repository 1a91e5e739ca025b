using Gateway.Models;
using Gateway.Models.Network;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Models;

public sealed class ApiKeyTests
{
    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task A_key_that_an_OpenAI_server_echoes_reaches_neither_error_nor_log(int status)
    {
        await using var server = await FakeOpenAiServer.Create();
        using var logs = new TestLog();
        using var events = new EventSourceRecorder();
        await using var services = Configured.Services(new ImpatientTimeProvider(), logs, Configured.At(server));
        for (var i = 0; i <= ProviderRequest.MaxRetries; i++) server.Answers(FakeProvider.RefuseAndEchoKey(status));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(services.Catalog().Get("gpt").Client));

        Assert.Contains("Invalid header Authorization: [redacted]", failure.Message, StringComparison.Ordinal);
        // The whole exception, as a log would print it.
        Assert.DoesNotContain(Configured.Key, failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Configured.Key, logs.Everything, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("System.Net.Http", events.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Configured.Key, events.Text, StringComparison.OrdinalIgnoreCase);
        // The test looks for something that was really sent.
        Assert.Equal($"Bearer {Configured.Key}", server.Calls[0].Authorization);
    }

    [Fact]
    public async Task A_key_that_is_echoed_in_mid_stream_reaches_no_error()
    {
        await using var server = await FakeOpenAiServer.Create();
        await using var services = Configured.Services(Configured.At(server));
        server.Answers(FakeOpenAiServer.Text("Hello"), FakeOpenAiServer.Error($"upstream refused key {Configured.Key}"));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(services.Catalog().Get("gpt").Client));

        Assert.Equal("The model \"gpt\" broke off its answer: upstream refused key [redacted].", failure.Message);
    }

    [Fact]
    public async Task A_key_that_an_Ollama_server_echoes_reaches_no_error()
    {
        await using var server = await FakeOllamaServer.Create();
        await using var services = Configured.Services(Configured.At(server, Configured.Key));
        server.Answers(FakeProvider.RefuseAndEchoKey(401));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(services.Catalog().Get("local").Client));

        Assert.DoesNotContain(Configured.Key, failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("answered 401 Unauthorized", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("k3y+/=", "it was k3y+/= there", "it was [redacted] there")]
    [InlineData("k3y+/=", "at /x?key=k3y%2B%2F%3D now", "at /x?key=[redacted] now")]
    [InlineData("k3y", "K3Y in capitals", "[redacted] in capitals")]
    [InlineData("k3y", "a k3yboard", "a k3yboard")]
    [InlineData("1", "answered 401", "answered 401")]
    [InlineData("ollama", "ollama: no such model", "ollama: no such model")]
    [InlineData("lm-studio", "LM-Studio is busy", "LM-Studio is busy")]
    [InlineData(null, "a Bearer token is missing, Basic auth too", "a Bearer token is missing, Basic auth too")]
    [InlineData(null, "header Bearer abc.def-ghi, sorry", "header [redacted], sorry")]
    [InlineData(null, "Incorrect API key provided: sk-proj-ab***********yz.", "Incorrect API key provided: [redacted]")]
    [InlineData(null, "nothing secret, a risk-free try", "nothing secret, a risk-free try")]
    public void Whatever_looks_like_a_key_is_taken_out(string? key, string text, string expected)
    {
        Assert.Equal(expected, new KeyRedactor(key).Redact(text));
    }

    [Theory]
    [InlineData("m")]
    [InlineData("e")]
    [InlineData("local")]
    [InlineData("k3y")]
    public async Task A_key_that_is_no_secret_spoils_no_sentence(string key)
    {
        await using var provider = new ByteProvider(ByteReply.Refusal(401, """{"error":{"message":"No such key"}}"""));
        await using var services = Configured.Services(Configured.At(provider, key: key));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(services.Catalog().Get("m").Client));

        Assert.Equal("The model \"m\" answered 401 Unauthorized: No such key. Check Gateway:Models:m:ApiKey.", failure.Message);
    }

    [Fact]
    public async Task A_key_at_the_edge_of_a_shortened_sentence_is_not_cut_in_half()
    {
        await using var server = await FakeOpenAiServer.Create();
        await using var services = Configured.Services(Configured.At(server, "opaque0123456789"));
        server.Answers(FakeProvider.Refuse(400, """{"error":{"message":"FILLER opaque0123456789 was refused"}}""".Replace("FILLER", new string('x', 290), StringComparison.Ordinal)));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Said.By(services.Catalog().Get("gpt").Client));

        Assert.DoesNotContain("opaque", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("…", failure.Message, StringComparison.Ordinal);
    }
}

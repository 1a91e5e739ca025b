using System.Net;
using Gateway.Models;
using Gateway.Models.Network;
using Gateway.Models.OpenAI;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Models;

/// <summary>How providers are asked, asked again, and what their refusals become; the same for both.</summary>
public sealed class ProviderRequestTests
{
    private static readonly ByteReply OpenAIAnswer = new(Bytes.T("yes") + Bytes.Stop + Bytes.Done);
    private static readonly ByteReply OllamaAnswer = new(Bytes.O("yes") + Bytes.Fin);

    private static ByteReply Answer(string kind) => kind == "ollama" ? OllamaAnswer : OpenAIAnswer;

    [Theory]
    [InlineData("openai", 503)]
    [InlineData("ollama", 503)]
    [InlineData("ollama", 429)]
    [InlineData("ollama", 529)]
    [InlineData("openai", 524)]
    public async Task A_busy_server_is_asked_again(string kind, int status)
    {
        var busy = ByteReply.Refusal(status, """{"error":"server busy, please try again"}""");
        await using var provider = new ByteProvider(busy, busy, Answer(kind));

        Assert.Equal("yes", (await Ask(provider, kind)).Text);
        Assert.Equal(3, provider.Calls.Length);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task A_connection_that_closes_before_the_answer_is_tried_again(string kind)
    {
        await using var provider = new ByteProvider(new ByteReply("") { Status = 0 }, Answer(kind));

        Assert.Equal("yes", (await Ask(provider, kind)).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    public async Task What_speaks_no_HTTP_is_not_said_to_be_out_of_reach(string sent)
    {
        await using var provider = new ByteProvider(new ByteReply(sent) { Status = 0 });

        var failure = await Assert.ThrowsAsync<ModelException>(() => Ask(provider));

        Assert.Equal($"The model \"m\" was reached at {provider.Address}/, but what answered there does not speak HTTP, or closed the connection; check Gateway:Models:m:Endpoint.", failure.Message);
    }

    [Theory]
    [InlineData("retry-after-ms: 1500\r\n", 1.5)]
    [InlineData("Retry-After: 3\r\n", 3)]
    [InlineData("Retry-After: 3600\r\n", 10)]
    public async Task A_provider_is_left_alone_for_as_long_as_it_asks_within_reason(string head, double seconds)
    {
        var time = new ImpatientTimeProvider();
        await using var provider = new ByteProvider(ByteReply.Refusal(429, "{}") with { Head = head }, OpenAIAnswer);

        await Ask(provider, time: time);

        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(time.Waits));
    }

    [Fact]
    public async Task A_refusal_is_heard_before_the_model_counts_as_silent()
    {
        var time = new ImpatientTimeProvider();
        await using var provider = new ByteProvider(ByteReply.Refusal(429, """{"error":"Daily limit reached"}""") with { Head = "Retry-After: 3600\r\n" });

        var failure = await Assert.ThrowsAsync<ModelException>(() => Ask(provider, "openai", time, ("IdleTimeout", "00:00:03")));

        Assert.Contains("Daily limit reached", failure.Message, StringComparison.Ordinal);
        Assert.All(time.Waits, wait => Assert.Equal(TimeSpan.FromSeconds(1.5), wait));
    }

    [Theory]
    [InlineData("""{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error"}""")]
    [InlineData("""{"error":{"message":"Unknown parameter: 'stream_options'."}}""")]
    public async Task A_server_that_refuses_stream_options_is_asked_without(string refusal)
    {
        await using var provider = new ByteProvider(call => call.Body.TryGetProperty("stream_options", out _) ? ByteReply.Refusal(422, refusal) : OpenAIAnswer);

        Assert.Equal("yes", (await Ask(provider)).Text);
        Assert.Equal(2, provider.Calls.Length);
        Assert.Equal("yes", (await Ask(provider, "openai", null, ("StreamOptions", "false"))).Text);
        Assert.Equal(3, provider.Calls.Length);
    }

    [Theory]
    [InlineData(400, """[{"error":{"code":400,"message":"API key not valid."}}]""", "answered 400 Bad Request: API key not valid.")]
    [InlineData(422, """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","top_q"],"msg":"Extra inputs are not permitted"}]}}""", "answered 422 Unprocessable Entity: top_q: Extra inputs are not permitted.")]
    [InlineData(422, """{"detail":[{"loc":["body"],"msg":"bad"},{"loc":["body","x"],"msg":"worse"}]}""", "answered 422 Unprocessable Entity: bad; x: worse.")]
    [InlineData(400, """{"errors":[{"message":"no"}]}""", "answered 400 Bad Request: no.")]
    [InlineData(400, """{"code":1,"msg":"no"}""", "answered 400 Bad Request: no.")]
    [InlineData(400, "\uFEFF{\"error\":\"no\"}", "answered 400 Bad Request: no.")]
    [InlineData(400, "data: {\"error\":{\"message\":\"no\"}}\n\n", "answered 400 Bad Request: no.")]
    [InlineData(400, "CUDA out of memory", "answered 400 Bad Request: CUDA out of memory.")]
    [InlineData(400, "<html>no</html>", "answered 400 Bad Request.")]
    [InlineData(400, "{\"error\":{\"code\":1}}", "answered 400 Bad Request.")]
    [InlineData(400, "", "answered 400 Bad Request.")]
    public async Task A_refusal_is_told_in_the_providers_words_whatever_its_shape(int status, string body, string expected)
    {
        foreach (var kind in new[] { "openai", "ollama" })
        {
            await using var provider = new ByteProvider(ByteReply.Refusal(status, body));

            var failure = await Assert.ThrowsAsync<ModelException>(() => Ask(provider, kind));

            Assert.Equal("The model \"m\" " + expected, failure.Message);
        }
    }

    [Fact]
    public async Task A_refusal_of_megabytes_is_heard()
    {
        await using var provider = new ByteProvider(ByteReply.Refusal(400, $$$"""{"pad":"{{{new string('x', 1_000_000)}}}","error":"too long"}"""));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Ask(provider, "ollama"));

        Assert.Equal("The model \"m\" answered 400 Bad Request: too long.", failure.Message);
    }

    [Theory]
    [InlineData("openai", "", "", "Check Gateway:Models:m:Model and Gateway:Models:m:Endpoint ({0}/; the address of an OpenAI-compatible server often ends in /v1).")]
    [InlineData("openai", "/v1", "", "Check Gateway:Models:m:Model and Gateway:Models:m:Endpoint ({0}/v1).")]
    [InlineData("ollama", "/v1", "", "Check Gateway:Models:m:Model and Gateway:Models:m:Endpoint ({0}/v1; the address of an Ollama server ends without /v1, which belongs to the provider openai).")]
    [InlineData("ollama", "", "model not found, try pulling it first", "model not found, try pulling it first. Check Gateway:Models:m:Model.")]
    public async Task A_404_says_what_may_be_wrong_with_the_address(string kind, string path, string words, string expected)
    {
        await using var provider = new ByteProvider(ByteReply.Refusal(404, words, "text/plain"));

        var failure = await Assert.ThrowsAsync<ModelException>(() => Ask(provider, kind, null, ("Endpoint", provider.Address + path)));

        Assert.EndsWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, provider.Address), failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "", "/chat/completions")]
    [InlineData("openai", " /v1/ ", "/v1/chat/completions")]
    [InlineData("openai", "/v1?a=b#c", "/v1/chat/completions?a=b")]
    [InlineData("openai", "/v1/chat/completions", "/v1/chat/completions")]
    [InlineData("openai", "/openai/deployments/d?api-version=2024-10-21", "/openai/deployments/d/chat/completions?api-version=2024-10-21")]
    [InlineData("openai", "/openai/deployments/d/chat/completions?api-version=2024-10-21", "/openai/deployments/d/chat/completions?api-version=2024-10-21")]
    [InlineData("ollama", "", "/api/chat")]
    [InlineData("ollama", "/sub/", "/sub/api/chat")]
    [InlineData("ollama", "/api/chat", "/api/chat")]
    public async Task The_address_has_its_path_once_and_keeps_its_query(string kind, string path, string target)
    {
        await using var provider = new ByteProvider(Answer(kind));

        await Ask(provider, kind, null, ("Endpoint", path.StartsWith(' ') ? $" {provider.Address}{path.Trim()} " : provider.Address + path));

        var call = Assert.Single(provider.Calls);
        Assert.Equal(target, call.Target);
        var isAzure = path.Contains("api-version", StringComparison.Ordinal);
        Assert.Equal(isAzure ? Configured.Key : null, call.Headers.GetValueOrDefault("api-key"));
        Assert.Equal(isAzure ? null : $"Bearer {Configured.Key}", call.Headers.GetValueOrDefault("Authorization"));
    }

    [Theory]
    [InlineData(null, "max_tokens")]
    [InlineData("max_completion_tokens", "max_completion_tokens")]
    public async Task The_limit_of_tokens_is_sent_under_the_name_the_server_knows(string? setting, string name)
    {
        await using var provider = new ByteProvider(OpenAIAnswer);

        await Ask(provider, "openai", null, new ChatOptions { MaxOutputTokens = 5, Temperature = 0.7f }, ("MaxTokensField", setting));

        var body = Assert.Single(provider.Calls).Body;
        Assert.Equal(5, body.GetProperty(name).GetInt32());
        Assert.Equal("0.7", body.GetProperty("temperature").GetRawText());
        Assert.Equal(new[] { name }, body.EnumerateObject().Select(member => member.Name).Where(member => member.Contains("max_", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "max_completion_tokens")]
    [InlineData("https://x.openai.azure.com/openai/deployments/d?api-version=1", "max_completion_tokens")]
    [InlineData("https://api.mistral.ai/v1", "max_tokens")]
    public void OpenAI_and_Azure_are_told_the_limit_by_its_newer_name(string endpoint, string name)
    {
        var api = new OpenAIApi(new Uri(endpoint), "m", null, new OpenAIOptions(), []);

        Assert.True(api.Body([new(ChatRole.User, "hi")], new ChatOptions { MaxOutputTokens = 5 }).ContainsKey(name));
    }

    [Fact]
    public async Task Members_of_the_settings_are_sent_with_every_question()
    {
        await using var provider = new ByteProvider(OpenAIAnswer);

        await Ask(provider, "openai", null, ("ExtraBody:top_k", "20"), ("ExtraBody:chat_template_kwargs:enable_thinking", "False"), ("ExtraBody:stop:0", "a"), ("ExtraBody:stop:1", "b"), ("ExtraBody:note", "2 words"), ("ExtraBody:stream_options", "null"));

        var body = Assert.Single(provider.Calls).Body;
        Assert.Equal("20", body.GetProperty("top_k").GetRawText());
        Assert.Equal("""{"enable_thinking":false}""", body.GetProperty("chat_template_kwargs").GetRawText());
        Assert.Equal("""["a","b"]""", body.GetProperty("stop").GetRawText());
        Assert.Equal("2 words", body.GetProperty("note").GetString());
        Assert.False(body.TryGetProperty("stream_options", out _));
    }

    [Fact]
    public async Task Ollama_is_told_the_options_of_the_settings_and_those_of_the_agent()
    {
        await using var provider = new ByteProvider(OllamaAnswer);

        await Ask(provider, "ollama", null, new ChatOptions { MaxOutputTokens = 5 }, ("Options:num_ctx", "8192"), ("Options:num_predict", "9"), ("ExtraBody", """{"keep_alive":"10m","options":{"seed":7}}"""));

        var body = Assert.Single(provider.Calls).Body;
        Assert.Equal("""{"num_ctx":8192,"num_predict":5,"seed":7}""", body.GetProperty("options").GetRawText());
        Assert.Equal("10m", body.GetProperty("keep_alive").GetString());
        Assert.Equal(["model", "messages", "stream", "options", "keep_alive"], body.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("ExtraBody", "words", "Gateway:Models:m:ExtraBody must be a JSON object, such as {\"top_k\":20}.")]
    [InlineData("ExtraBody:stream", "false", "Gateway:Models:m:ExtraBody:stream is what the gateway says by itself; leave it out.")]
    [InlineData("MaxTokensField", "tokens", "Gateway:Models:m:MaxTokensField: must be 'max_tokens' or 'max_completion_tokens', not 'tokens'.")]
    [InlineData("ThinkTags", "maybe", "Gateway:Models:m:ThinkTags: must be 'auto' or 'off' or 'opened', not 'maybe'.")]
    public void A_mistake_in_these_settings_is_told(string setting, string value, string sentence)
    {
        Assert.Equal([sentence], Configured.Problems(("Models:m:Provider", "openai"), ("Models:m:Model", "x"), ("Models:m:ApiKey", "k"), ($"Models:m:{setting}", value)));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task No_empty_message_goes_out(string kind)
    {
        await using var provider = new ByteProvider(Answer(kind));
        await using var services = Configured.Services(Configured.At(provider, kind));
        var client = services.Catalog().Get("m").Client;

        await new Said().Hear(client, [new(ChatRole.System, "Write a poem."), new(ChatRole.User, "")], TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<ModelException>(() => new Said().Hear(client, [new(ChatRole.User, " ")], TestContext.Current.CancellationToken));

        Assert.Equal("""[{"role":"user","content":"Write a poem."}]""", Assert.Single(provider.Calls).Body.GetProperty("messages").GetRawText());
        Assert.Equal("The model \"m\" was asked nothing: the session has no input, and the agent has no instructions; give it either.", failure.Message);
    }

    [Fact]
    public async Task Half_a_character_in_a_prompt_goes_out_as_a_whole_one()
    {
        await using var provider = new ByteProvider(OpenAIAnswer);
        await using var services = Configured.Services(Configured.At(provider));

        await Said.By(services.Catalog().Get("m").Client, "a\ud83d");

        Assert.Equal("a\uFFFD", Assert.Single(provider.Calls).Body.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/v1")]
    [InlineData("http://127.8.8.8/")]
    [InlineData("http://localhost:11434")]
    [InlineData("http://ollama.localhost/")]
    [InlineData("http://[::1]:8000/v1")]
    [InlineData("http://0.0.0.0:8000/")]
    public void A_proxy_is_not_asked_for_what_is_on_this_machine(string address)
    {
        var proxy = new DirectLoopback(new WebProxy("http://proxy.example:3128"));

        Assert.True(proxy.IsBypassed(new Uri(address)));
        Assert.Null(proxy.GetProxy(new Uri(address)));
        Assert.Equal(new Uri("http://proxy.example:3128"), proxy.GetProxy(new Uri("http://models.example/v1")));
    }

    [Fact]
    public void A_failure_behind_a_proxy_names_the_proxy()
    {
        var errors = new ProviderErrors("m", null, new Uri("http://models.example/v1"), null, new Uri("http://me:word@proxy.example:3128"));

        var failures = new[] { errors.From(new HttpRequestException(HttpRequestError.ConnectionError), begun: false), errors.From(new ProviderStatusException(503, null), begun: false) };

        Assert.All(failures, failure => Assert.Contains("through the proxy http://proxy.example:3128 of the environment", failure.Message, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.DoesNotContain("word", failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openai", false)]
    [InlineData("openai", true)]
    [InlineData("ollama", false)]
    [InlineData("ollama", true)]
    public async Task Stop_means_stop(string kind, bool hasBegun)
    {
        var begun = (kind == "ollama" ? Bytes.O("one") : Bytes.T("one"));
        await using var provider = new ByteProvider(new ByteReply(hasBegun ? begun : "") { StaysOpen = true, Status = hasBegun ? 200 : 0 });
        await using var services = Configured.Services(Configured.At(provider, kind));
        using var cancel = new CancellationTokenSource();
        var said = new Said();

        var hearing = said.Hear(services.Catalog().Get("m").Client, [new(ChatRole.User, "hi")], cancel.Token);
        if (hasBegun) await Wait.For(said.Begun, "the first piece");
        else await provider.Asked();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(hearing, "the cancelled answer to end"));
        await provider.Left();
    }

    private static Task<Said> Ask(ByteProvider provider, string kind = "openai", TimeProvider? time = null, params (string, string?)[] settings) =>
        Ask(provider, kind, time, null, settings);

    private static async Task<Said> Ask(ByteProvider provider, string kind, TimeProvider? time, ChatOptions? options, params (string Name, string? Value)[] settings)
    {
        var all = Configured.At(provider, kind).ToDictionary(setting => setting.Item1, setting => setting.Item2);
        foreach (var (name, value) in settings) all[$"Models:m:{name}"] = value;
        await using var services = Configured.Services(time ?? new ImpatientTimeProvider(), null, [.. all.Select(setting => (setting.Key, setting.Value))]);
        var said = new Said();
        await Wait.For(said.Hear(services.Catalog().Get("m").Client, [new(ChatRole.User, "hi")], TestContext.Current.CancellationToken, options), "the end of the answer");
        return said;
    }
}

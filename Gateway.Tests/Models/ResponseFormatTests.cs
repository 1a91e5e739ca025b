using System.Text.Json;
using Gateway.Models.Ollama;
using Gateway.Models.OpenAI;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Models;

/// <summary>How a provider is asked for JSON, and what follows where a server does not know the way.</summary>
public sealed class ResponseFormatTests
{
    private const string Schema = """{"type":"object","required":["score"]}""";

    private static readonly ChatResponseFormat s_withSchema = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(Schema));

    [Theory]
    [InlineData("openai", "schema", true, """{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object","required":["score"]}}}""")]
    [InlineData("openai", "schema", false, """{"type":"json_object"}""")]
    [InlineData("openai", "json", true, """{"type":"json_object"}""")]
    [InlineData("openai", "off", true, null)]
    [InlineData("ollama", "schema", true, Schema)]
    [InlineData("ollama", "schema", false, "\"json\"")]
    [InlineData("ollama", "json", true, "\"json\"")]
    [InlineData("ollama", "off", false, null)]
    public async Task It_is_told_as_the_setting_says(string kind, string way, bool hasSchema, string? expected)
    {
        await using var provider = new ByteProvider(Answer(kind));
        await Ask(provider, kind, hasSchema ? s_withSchema : ChatResponseFormat.Json, way);
        Assert.Equal(expected, Told(kind, Assert.Single(provider.Calls)));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task An_answer_that_is_text_is_asked_for_as_ever(string kind)
    {
        await using var provider = new ByteProvider(Answer(kind));
        await Ask(provider, kind, null, "schema");
        await Ask(provider, kind, ChatResponseFormat.Text, "schema");
        Assert.All(provider.Calls, call => Assert.Null(Told(kind, call)));
    }

    [Theory]
    [InlineData("openai", 400, """{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."}}""")]
    [InlineData("openai", 422, """{"detail":[{"loc":["body","response_format","type"],"msg":"Input should be 'text' or 'json_object'"}]}""")]
    [InlineData("ollama", 400, """{"error":"json: cannot unmarshal object into Go struct field ChatRequest.format of type string"}""")]
    public async Task A_server_that_knows_no_schema_is_asked_for_JSON_and_one_that_knows_no_JSON_for_nothing(string kind, int status, string refusal)
    {
        await using var provider = new ByteProvider(call => Told(kind, call) is { } way && way.Contains("score", StringComparison.Ordinal) ? ByteReply.Refusal(status, refusal) : Answer(kind));
        Assert.Equal("yes", (await Ask(provider, kind, s_withSchema, "schema")).Text);
        Assert.Equal(2, provider.Calls.Length);
        Assert.Contains("json", Told(kind, provider.Calls[1]), StringComparison.Ordinal);

        await using var older = new ByteProvider(call => Told(kind, call) is not null ? ByteReply.Refusal(status, refusal) : Answer(kind));
        Assert.Equal("yes", (await Ask(older, kind, s_withSchema, "schema")).Text);
        Assert.Equal(3, older.Calls.Length);
        Assert.Null(Told(kind, older.Calls[2]));
    }

    [Theory]
    [InlineData("openai", """{"error":{"message":"The context is too long."}}""")]
    [InlineData("ollama", """{"error":"model is too large"}""")]
    public async Task Another_refusal_is_told_as_it_is(string kind, string refusal)
    {
        await using var provider = new ByteProvider(ByteReply.Refusal(400, refusal));
        await Assert.ThrowsAsync<Gateway.Models.ModelException>(() => Ask(provider, kind, s_withSchema, "schema"));
        Assert.Single(provider.Calls);
    }

    [Fact]
    public void Ollama_is_told_nothing_of_it_beside_tools_and_all_of_it_when_it_must_answer()
    {
        var api = new OllamaApi(new Uri("http://localhost:11434"), "m", null, new OllamaOptions(), [], []);
        var options = new ChatOptions { ResponseFormat = s_withSchema, Tools = [AIFunctionFactory.CreateDeclaration("search", "Searches.", JsonElement.Parse("""{"type":"object"}"""))] };
        Assert.False(api.Body([new(ChatRole.User, "hi")], options).ContainsKey("format"));
        options.ToolMode = ChatToolMode.None;
        Assert.True(api.Body([new(ChatRole.User, "hi")], options).ContainsKey("format"));
        Assert.True(new OpenAIApi(new Uri("https://api.openai.com/v1"), "m", null, new OpenAIOptions(), []).Body([new(ChatRole.User, "hi")], options).ContainsKey("response_format"));
    }

    [Fact]
    public void A_way_that_does_not_exist_is_a_mistake_of_the_settings() => Assert.Equal(
        ["Gateway:Models:m:ResponseFormat: must be 'schema' or 'json' or 'off', not 'strict'."],
        Configured.Problems(("Models:m:Provider", "openai"), ("Models:m:Model", "x"), ("Models:m:ApiKey", "k"), ("Models:m:ResponseFormat", "strict")));

    private static string? Told(string kind, ByteCall call) => call.Body.TryGetProperty(kind == "ollama" ? "format" : "response_format", out var format) ? format.GetRawText() : null;

    private static ByteReply Answer(string kind) => new(kind == "ollama" ? Bytes.O("yes") + Bytes.Fin : Bytes.T("yes") + Bytes.Stop + Bytes.Done);

    private static async Task<Said> Ask(ByteProvider provider, string kind, ChatResponseFormat? format, string way)
    {
        await using var services = Configured.Services(new ImpatientTimeProvider(), null, [.. Configured.At(provider, kind), ("Models:m:ResponseFormat", way)]);
        var said = new Said();
        await Wait.For(said.Hear(services.Catalog().Get("m").Client, [new(ChatRole.User, "hi")], TestContext.Current.CancellationToken, new ChatOptions { ResponseFormat = format }), "the end of the answer");
        return said;
    }
}

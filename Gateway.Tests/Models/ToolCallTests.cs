using System.Text.Json;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;
using static Gateway.Tests.Models.Bytes;

namespace Gateway.Tests.Models;

/// <summary>Calls of tools as providers stream them, and what is sent back.</summary>
public sealed class ToolCallTests
{
    private const string End = """data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""" + "\n\n";

    private static readonly JsonElement Schema = JsonElement.Parse("""{"type":"object","properties":{"q":{"type":"string"}},"required":["q"]}""");

    public static TheoryData<string, string, string> OpenAI => new()
    {
        {
            "two side by side, in pieces that alternate",
            Calls("""{"index":0,"id":"c1","type":"function","function":{"name":"search","arguments":""}}""")
                + Calls("""{"index":1,"id":"c2","type":"function","function":{"name":"send","arguments":""}}""")
                + Calls("""{"index":0,"function":{"arguments":"{\"q\":"}}""")
                + Calls("""{"index":1,"function":{"arguments":"{\"to\":\"a"}}""")
                + Calls("""{"index":0,"function":{"arguments":"\"tea\"}"}},{"index":1,"function":{"arguments":"ll\"}"}}""") + End + Use + Done,
            """search {"q":"tea"}, send {"to":"all"}"""
        },
        { "a call after a text", T("Let me see.") + Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":"{}"}}""") + End + Done, "search {}" },
        { "without indexes", Calls("""{"id":"c1","function":{"name":"search","arguments":"{\"q\":1}"}},{"id":"c2","function":{"name":"search","arguments":"{\"q\":2}"}}""") + End + Done, """search {"q":1}, search {"q":2}""" },
        { "always the same index", Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":"{\"q\":1}"}}""") + Calls("""{"index":0,"id":"c2","function":{"name":"search","arguments":"{\"q\":2}"}}""") + End + Done, """search {"q":1}, search {"q":2}""" },
        { "no id and the same index, each whole", Calls("""{"index":0,"function":{"name":"search","arguments":"{\"q\":1}"}}""") + Calls("""{"index":0,"function":{"name":"search","arguments":"{\"q\":2}"}}""") + End + Done, """search {"q":1}, search {"q":2}""" },
        { "id and name in every piece", Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":"{\"q\""}}""") + Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":":1}"}}""") + End + Done, """search {"q":1}""" },
        { "an empty id afterwards", Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":"{\"q\""}}""") + Calls("""{"index":0,"id":"","function":{"name":"","arguments":":1}"}}""") + End + Done, """search {"q":1}""" },
        { "arguments as an object", Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":{"q":1}}}""") + End + Done, """search {"q":1}""" },
        { "no arguments", Calls("""{"index":0,"id":"c1","function":{"name":"search"}}""") + End + Done, "search {}" },
        { "the old way", Delta("""{"function_call":{"name":"search","arguments":"{\"q\""}}""") + Delta("""{"function_call":{"arguments":":1}"}}""") + Delta("{}", "\"function_call\"") + Done, """search {"q":1}""" },
        { "an emoji in two halves", Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":"{\"q\":\"\ud83d"}}""") + Calls("""{"index":0,"function":{"arguments":"\ude00\"}"}}""") + End + Done, """search {"q":"😀"}""" },
        { "arguments that are no JSON", Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":"{\"q\":"}}""") + End + Done, """search broken {"q":""" },
        { "arguments that are no object", Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":"[1]"}}""") + End + Done, "search broken [1]" },
        { "stop in place of tool_calls", Calls("""{"index":0,"id":"c1","function":{"name":"search","arguments":"{}"}}""") + Stop + Done, "search {}" },
        { "a whole message", """{"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"search","arguments":"{\"q\":1}"}}]},"finish_reason":"tool_calls"}]}""", """search {"q":1}""" },
    };

    [Theory]
    [MemberData(nameof(OpenAI))]
    public async Task Calls_are_put_together_from_their_pieces(string name, string wire, string expected)
    {
        Assert.NotEmpty(name);
        foreach (var segment in new[] { int.MaxValue / 2, 7 })
        {
            await using var provider = new ByteProvider(new ByteReply(wire) { Segment = segment });
            await using var services = Configured.Services(Configured.At(provider));
            var calls = await Hear(services.Catalog().Get("m").Client);
            Assert.Equal(expected, string.Join(", ", calls.Select(Written)));
        }
    }

    [Theory]
    [InlineData("""{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"search","arguments":{"q":1}}},{"function":{"name":"search","arguments":{"q":2}}}]},"done":false}""", """search {"q":1}, search {"q":2}""")]
    [InlineData("""{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"index":0,"name":"search","arguments":{"q":1}}}]},"done":false}""" + "\n" + """{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"index":0,"name":"send","arguments":"{}"}}]},"done":false}""", """search {"q":1}, send {}""")]
    public async Task Ollamas_calls_come_whole(string lines, string expected)
    {
        await using var provider = new ByteProvider(new ByteReply(lines + "\n" + Fin) { Type = "application/x-ndjson" });
        await using var services = Configured.Services(Configured.At(provider, "ollama"));
        Assert.Equal(expected, string.Join(", ", (await Hear(services.Catalog().Get("m").Client)).Select(Written)));
    }

    [Fact]
    public async Task OpenAI_is_told_of_the_tools_and_of_what_came_of_the_calls()
    {
        await using var server = await FakeOpenAiServer.Create();
        await using var services = Configured.Services(Configured.At(server));
        server.Answers(FakeOpenAiServer.Text("ok"), FakeOpenAiServer.Finish(), FakeOpenAiServer.Done());
        await Hear(services.Catalog().Get("gpt").Client, Conversation(), ChatToolMode.None);

        var body = server.Calls[0].Body;
        Assert.Equal("""[{"type":"function","function":{"name":"search","description":"Finds things.","parameters":{"type":"object","properties":{"q":{"type":"string"}},"required":["q"]}}}]""", body.GetProperty("tools").GetRawText());
        Assert.Equal("none", body.GetProperty("tool_choice").GetString());
        Assert.Equal(
            """[{"role":"user","content":"Find tea."},{"role":"assistant","content":null,"tool_calls":[{"id":"call01001","type":"function","function":{"name":"search","arguments":"{\"q\":\"té\"}"}},{"id":"call01002","type":"function","function":{"name":"search","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call01001","content":"found"},{"role":"tool","tool_call_id":"call01002","content":""}]""",
            body.GetProperty("messages").GetRawText());
    }

    [Fact]
    public async Task Ollama_is_told_of_the_tools_and_of_what_came_of_the_calls()
    {
        await using var server = await FakeOllamaServer.Create();
        await using var services = Configured.Services(Configured.At(server));
        server.Answers(FakeOllamaServer.Text("ok"), FakeOllamaServer.Done(1, 1));
        server.Answers(FakeOllamaServer.Text("ok"), FakeOllamaServer.Done(1, 1));
        await Hear(services.Catalog().Get("local").Client, Conversation());
        await Hear(services.Catalog().Get("local").Client, Conversation(), ChatToolMode.None);

        Assert.Equal("search", server.Calls[0].Body.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.False(server.Calls[1].Body.TryGetProperty("tools", out _));
        Assert.Equal(
            """[{"role":"user","content":"Find tea."},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"search","arguments":{"q":"té"}}},{"function":{"name":"search","arguments":{}}}]},{"role":"tool","tool_name":"search","content":"found"},{"role":"tool","tool_name":"search","content":""}]""",
            server.Calls[0].Body.GetProperty("messages").GetRawText());
    }

    private static List<ChatMessage> Conversation() =>
    [
        new(ChatRole.User, "Find tea."),
        new(ChatRole.Assistant, [new FunctionCallContent("call01001", "search", new Dictionary<string, object?> { ["q"] = JsonElement.Parse("\"té\"") }), new FunctionCallContent("call01002", "search")]),
        new(ChatRole.Tool, [new FunctionResultContent("call01001", "found"), new FunctionResultContent("call01002", "")]),
    ];

    private static async Task<List<FunctionCallContent>> Hear(IChatClient client, List<ChatMessage>? messages = null, ChatToolMode? mode = null)
    {
        var calls = new List<FunctionCallContent>();
        var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("search", "Finds things.", Schema)], ToolMode = mode };
        await Wait.For(HearAll(), "the end of the answer");
        return calls;

        async Task HearAll()
        {
            await foreach (var update in client.GetStreamingResponseAsync(messages ?? [new(ChatRole.User, "Find tea.")], options, TestContext.Current.CancellationToken)) calls.AddRange(update.Contents.OfType<FunctionCallContent>());
        }
    }

    private static string Written(FunctionCallContent call) => call.Exception is not null
        ? $"{call.Name} broken {call.RawRepresentation}"
        : $"{call.Name} {{{string.Join(',', (call.Arguments ?? new Dictionary<string, object?>()).Select(argument => $"\"{argument.Key}\":{((JsonElement)argument.Value!).GetRawText()}"))}}}";

    private static string Calls(string calls) => Delta($"{{\"tool_calls\":[{calls}]}}");
}

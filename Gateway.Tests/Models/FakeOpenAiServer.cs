using System.Text.Json;

namespace Gateway.Tests.Models;

/// <summary>An OpenAI-compatible server: <c>/v1/chat/completions</c> as Server-Sent Events.</summary>
internal sealed class FakeOpenAiServer : FakeProvider
{
    private FakeOpenAiServer()
        : base("/v1/chat/completions")
    {
    }

    public string Endpoint => $"{Address}/v1";

    protected override string ContentType => "text/event-stream";

    public static async Task<FakeOpenAiServer> Create()
    {
        var server = new FakeOpenAiServer();
        await server.Start();
        return server;
    }

    public static FakeStep Role() => Delta(new { role = "assistant", content = "" });

    public static FakeStep Text(string text) => Delta(new { content = text });

    public static FakeStep ReasoningContent(string text) => Delta(new { reasoning_content = text });

    public static FakeStep Reasoning(string text) => Delta(new { reasoning = text });

    public static FakeStep BothReasonings(string text) => Delta(new { reasoning = text, reasoning_content = text });

    public static FakeStep EmptyDelta() => Delta(new { });

    public static FakeStep Finish(string reason = "stop") => Chunk(new object[] { new { index = 0, delta = new { }, finish_reason = reason } });

    public static FakeStep Usage(int input, int output) => Data(JsonSerializer.Serialize(new
    {
        id = "c-1",
        @object = "chat.completion.chunk",
        created = 1,
        model = "fake-1",
        choices = Array.Empty<object>(),
        usage = new { prompt_tokens = input, completion_tokens = output, total_tokens = input + output },
    }));

    public static FakeStep Error(string message) => Data(JsonSerializer.Serialize(new { error = new { message, type = "server_error" } }));

    public static FakeStep Done() => Data("[DONE]");

    public static FakeStep Data(string data) => Raw($"data: {data}\n\n");

    private static FakeStep Delta(object delta) => Chunk(new object[] { new { index = 0, delta, finish_reason = (string?)null } });

    private static FakeStep Chunk(object[] choices) => Data(JsonSerializer.Serialize(new
    {
        id = "c-1",
        @object = "chat.completion.chunk",
        created = 1,
        model = "fake-1",
        choices,
    }));
}

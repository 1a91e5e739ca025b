using System.Text.Json;

namespace Gateway.Tests.Models;

/// <summary>An Ollama server: <c>/api/chat</c> as lines of JSON.</summary>
internal sealed class FakeOllamaServer : FakeProvider
{
    private FakeOllamaServer()
        : base("/api/chat")
    {
    }

    protected override string ContentType => "application/x-ndjson";

    public static async Task<FakeOllamaServer> Create()
    {
        var server = new FakeOllamaServer();
        await server.Start();
        return server;
    }

    public static FakeStep Text(string text) => Message(new { role = "assistant", content = text });

    public static FakeStep Thinking(string text) => Message(new { role = "assistant", content = "", thinking = text });

    public static FakeStep Done(int input, int output) => Line(JsonSerializer.Serialize(new
    {
        model = "fake-1",
        created_at = "2026-01-01T00:00:00Z",
        message = new { role = "assistant", content = "" },
        done = true,
        done_reason = "stop",
        total_duration = 1,
        prompt_eval_count = input,
        eval_count = output,
    }));

    public static FakeStep Error(string message) => Line(JsonSerializer.Serialize(new { error = message }));

    public static FakeStep Line(string json) => Raw(json + "\n");

    private static FakeStep Message(object message) =>
        Line(JsonSerializer.Serialize(new { model = "fake-1", created_at = "2026-01-01T00:00:00Z", message, done = false }));
}

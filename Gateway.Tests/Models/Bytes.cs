using System.Text.Json;

namespace Gateway.Tests.Models;

/// <summary>Lines as providers send them.</summary>
internal static class Bytes
{
    /// <summary>OpenAI's finish reason, usage of 10 and 5 tokens, and end.</summary>
    public const string Stop = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

    public const string Use = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}\n\n";

    public const string Done = "data: [DONE]\n\n";

    /// <summary>Ollama's end.</summary>
    public const string Fin = "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":10,\"eval_count\":5}\n";

    /// <summary>An event of OpenAI's.</summary>
    public static string Data(string json) => $"data: {json}\n\n";

    /// <summary>A piece of text from OpenAI.</summary>
    public static string T(string text, string more = "") =>
        Data($"{{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{{\"role\":\"assistant\",\"content\":{JsonSerializer.Serialize(text)}}},\"finish_reason\":null}}]{more}}}");

    /// <summary>A piece of OpenAI's with this delta.</summary>
    public static string Delta(string delta, string reason = "null") => Data($"{{\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{reason}}}]}}");

    /// <summary>A piece of text from Ollama.</summary>
    public static string O(string text) => $"{{\"model\":\"m\",\"message\":{{\"role\":\"assistant\",\"content\":{JsonSerializer.Serialize(text)}}},\"done\":false}}\n";
}

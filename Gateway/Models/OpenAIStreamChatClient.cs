using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Gateway.Models;

/// <summary>Adds what compatible servers stream beside OpenAI's own members: <c>reasoning</c> and errors in mid-stream.</summary>
/// <remarks><c>reasoning_content</c> (DeepSeek, older vLLM) is read by the library; <c>reasoning</c> (OpenRouter, Ollama, newer vLLM) is not.</remarks>
internal sealed class OpenAIStreamChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            if (update.RawRepresentation is StreamingChatCompletionUpdate raw)
            {
                ThrowIfError(raw);
                // A server that sends both names sends the same text twice.
                if (Reasoning(raw) is { Length: > 0 } reasoning && !update.Contents.OfType<TextReasoningContent>().Any())
                    update.Contents.Insert(0, new TextReasoningContent(reasoning));
            }
            yield return update;
        }
    }

#pragma warning disable SCME0001 // JsonPatch is the library's only way to members it does not know.
    private static string? Reasoning(StreamingChatCompletionUpdate raw) =>
        raw.Patch.TryGetValue("$.choices[0].delta.reasoning"u8, out string? reasoning) ? reasoning : null;

    private static void ThrowIfError(StreamingChatCompletionUpdate raw)
    {
        if (raw.Patch.TryGetJson("$.error"u8, out var json))
            throw new ProviderStreamException(ProviderErrors.SentenceIn(JsonElement.Parse(json.Span)));
    }
#pragma warning restore SCME0001
}

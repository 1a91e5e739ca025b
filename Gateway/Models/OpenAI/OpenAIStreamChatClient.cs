using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Gateway.Models.OpenAI;

/// <summary>Adds what compatible servers stream beside OpenAI's own members: <c>reasoning</c>, and a refusal.</summary>
/// <remarks><c>reasoning_content</c> (DeepSeek, older vLLM) is read by the library; <c>reasoning</c> (OpenRouter, Ollama, newer vLLM) is not.</remarks>
internal sealed class OpenAIStreamChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StringBuilder? refusal = null;
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            if (update.RawRepresentation is StreamingChatCompletionUpdate raw)
            {
                // A server that sends both names sends the same text twice.
                if (Reasoning(raw) is { Length: > 0 } reasoning && !update.Contents.OfType<TextReasoningContent>().Any())
                {
                    update.Contents.Insert(0, new TextReasoningContent(reasoning));
                }
                // The library collects a refusal and then forgets it.
                if (raw.RefusalUpdate is { Length: > 0 } words) (refusal ??= new()).Append(words);
            }
            yield return update;
        }

        if (refusal is not null)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent(refusal.ToString()) { ErrorCode = "refusal" }]);
        }
    }

#pragma warning disable SCME0001 // JsonPatch is the library's only way to members it does not know.
    private static string? Reasoning(StreamingChatCompletionUpdate raw) =>
        raw.Patch.TryGetValue("$.choices[0].delta.reasoning"u8, out string? reasoning) ? reasoning : null;
#pragma warning restore SCME0001
}

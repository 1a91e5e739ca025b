using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Ollama;

/// <summary>Makes a streamed answer of Ollama's library end when it is cancelled while the server is silent.</summary>
/// <remarks>The library reads its lines without a token, so the token travels beside it to the stream it reads from.</remarks>
internal sealed class OllamaStreamChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    private static readonly AsyncLocal<CancellationToken> Token = new();

    /// <summary>The token of the answer that is being asked for.</summary>
    public static CancellationToken Asked => Token.Value;

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // The request is sent within the first step, which sees this value; later steps do not need it.
        Token.Value = cancellationToken;
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken)) yield return update;
    }
}

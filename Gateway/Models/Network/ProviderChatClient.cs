using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>The one place where a provider's failures become sentences for users.</summary>
/// <param name="inner">The provider's client.</param>
/// <param name="errors">Words the failures.</param>
/// <param name="http">The inner client's connections, closed with it.</param>
internal sealed class ProviderChatClient(IChatClient inner, ProviderErrors errors, HttpClient http) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw errors.From(failure, begun: false);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var begun = false;
        ChatFinishReason? finish = null;

        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync()) break;
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                // However the library ends a cancelled request, it is a cancellation and nobody's error.
                throw new OperationCanceledException(cancellationToken);
            }
            catch (Exception failure)
            {
                throw errors.From(failure, begun);
            }

            var update = updates.Current;
            finish ??= update.FinishReason;
            begun |= update.Contents.Any(c => c is TextContent { Text.Length: > 0 } or TextReasoningContent { Text.Length: > 0 } or FunctionCallContent);
            if (update.Contents.OfType<ErrorContent>().FirstOrDefault() is { } refusal) throw errors.Refused(refusal.Message);
            yield return update;
        }

        // Ollama's library ends a cancelled answer as if it were whole.
        cancellationToken.ThrowIfCancellationRequested();

        // A library takes a page of HTML, or a connection that closed politely, for an answer without words.
        if (!begun && errors.Silent(finish) is { } silence) throw silence;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) http.Dispose();
    }
}

using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Scripted;

/// <summary>The built-in model: no key, no network, the same text for the same request.</summary>
/// <remarks>Its pace is the time between two pieces as they are asked for: it waits with a reader that pauses, and does not catch up in a burst.</remarks>
internal sealed class ScriptedChatClient(string name, ScriptedOptions options, TimeProvider timeProvider) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? chatOptions = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = ScriptedRequest.Read(messages, chatOptions);
        var fingerprint = request.Fingerprint(options.Seed);
        var random = new ScriptedRandom(fingerprint);
        var writer = ScriptedWriter.For(request, random);

        var id = $"scripted-{fingerprint:x16}";
        var reasoning = options.Thinking ? ScriptedPieces.Of(writer.Reasoning()) : [];
        var calls = new ScriptedCalls(request, random, writer).For(chatOptions);
        var answer = calls.Count > 0 ? [] : ScriptedPieces.Of(chatOptions?.ResponseFormat is ChatResponseFormatJson format ? new ScriptedJson(request, random, writer).Answer(format.Schema) : writer.Answer());
        var limit = chatOptions?.MaxOutputTokens ?? int.MaxValue;
        var pace = new ScriptedPace(options.TokensPerSecond, timeProvider);

        IEnumerable<AIContent> pieces =
        [
            .. reasoning.Select(piece => new TextReasoningContent(piece)),
            .. answer.Take(limit).Select(piece => new TextContent(piece)),
            .. calls,
        ];

        var written = 0;
        foreach (var piece in pieces)
        {
            await pace.Wait(cancellationToken);
            written++;
            yield return Update(piece);
        }

        var usage = Update(new UsageContent(new UsageDetails
        {
            InputTokenCount = request.InputTokens,
            OutputTokenCount = written,
            TotalTokenCount = request.InputTokens + written,
        }));
        usage.FinishReason = calls.Count > 0 ? ChatFinishReason.ToolCalls : answer.Count > limit ? ChatFinishReason.Length : ChatFinishReason.Stop;
        yield return usage;

        ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content])
        {
            ResponseId = id,
            MessageId = id,
            ModelId = name,
            CreatedAt = timeProvider.GetUtcNow(),
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}

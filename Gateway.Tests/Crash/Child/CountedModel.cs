using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Gateway.Tests.Crash.Child;

/// <summary>A model without a pace that says the same every time, and notes each call in a file.</summary>
/// <remarks>The file outlives the process: a call that was made is known, however the process ended.</remarks>
internal sealed class CountedModel(string ledger, int life, Task go) : IChatClient
{
    private static readonly Lock Writing = new();

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = AgentScript.Find(messages);
        lock (Writing) File.AppendAllText(ledger, string.Create(CultureInfo.InvariantCulture, $"{life} {request.SessionId} {request.Script.Node}\n"));

        await go.WaitAsync(cancellationToken);
        if (request.Script.Fails) throw new InvalidOperationException("This model never answers.");

        yield return Piece(new TextReasoningContent(request.Script.Thought));
        for (var i = 0; i < request.Script.Tokens; i++)
        {
            await Task.Yield();
            yield return Piece(new TextContent(request.Script.Token(i)));
        }

        yield return Piece(new UsageContent(new UsageDetails { InputTokenCount = AgentScript.InputTokens, OutputTokenCount = request.Script.Tokens }));
        yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static ChatResponseUpdate Piece(AIContent content) => new(ChatRole.Assistant, [content]);
}

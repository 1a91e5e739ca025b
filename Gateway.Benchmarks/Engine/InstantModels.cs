using System.Runtime.CompilerServices;
using Gateway.Models;
using Microsoft.Extensions.AI;

namespace Gateway.Benchmarks.Engine;

/// <summary>Models that answer at once, with so many pieces, so that only the engine is measured.</summary>
internal sealed class InstantModels(int pieces) : IModelCatalog, IChatClient
{
    private static readonly ChatResponseUpdate Piece = new(ChatRole.Assistant, "word ");

    private static readonly ChatResponseUpdate Last = new(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 100, OutputTokenCount = 20 })]) { FinishReason = ChatFinishReason.Stop };

    public Model Get(string? name) => new() { Name = name ?? "instant", Client = this, IdleTimeout = TimeSpan.FromMinutes(10), ReadAhead = 64 };

#pragma warning disable CS1998 // Nothing is waited for: that is what they are for.
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
#pragma warning restore CS1998
    {
        for (var i = 0; i < pieces; i++) yield return Piece;
        yield return Last;
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Gateway.Benchmarks.Sessions.Server;

/// <summary>A model that speaks at a pace until it is stopped.</summary>
internal sealed class PacedClient(double rate, TimeProvider time) : IChatClient
{
    /// <summary>What it says, again and again.</summary>
    public const string Chunk = " token";

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var pace = new Pace(rate, time);
        while (true)
        {
            await pace.WaitAsync();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, Chunk);
        }
    }

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

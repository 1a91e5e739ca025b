using System.Runtime.CompilerServices;
using Gateway.Models;
using Microsoft.Extensions.AI;

namespace Gateway.Benchmarks.Recovery;

/// <summary>Models that are called and say nothing, so that only the recovery is measured.</summary>
internal sealed class SilentModels(int expected) : IModelCatalog, IChatClient
{
    private readonly TaskCompletionSource _allCalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    /// <summary>Completes with the last expected call; at once when none is.</summary>
    public Task AllCalled => expected == 0 ? Task.CompletedTask : _allCalled.Task;

    public Model Get(string? name) => new() { Name = name ?? "silent", Client = this, IdleTimeout = TimeSpan.FromMinutes(10), ReadAhead = 1 };

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _calls) == expected) _allCalled.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Gateway.Tests.Infrastructure;

/// <summary>A model whose every word a test releases.</summary>
internal sealed class GatedModel : IChatClient
{
    private readonly Channel<GatedCall> _calls = Channel.CreateUnbounded<GatedCall>();
    private int _count;

    /// <summary>How often it was called.</summary>
    public int Calls => Volatile.Read(ref _count);

    /// <summary>The next call, once it was made.</summary>
    public Task<GatedCall> NextCall() => Wait.For(_calls.Reader.ReadAsync().AsTask(), "a call of the model");

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        var call = new GatedCall([.. messages], options);
        _calls.Writer.TryWrite(call);
        await foreach (var update in call.ReadAsync(cancellationToken)) yield return update;
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

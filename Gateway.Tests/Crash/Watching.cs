using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Reads a wire to an event that a test waits for; every seq must follow the one before.</summary>
internal sealed class Watching(IWireReader reader, long afterSeq = 0) : IAsyncDisposable
{
    private readonly List<SessionEvent> _events = [];

    public long LastSeq => afterSeq + _events.Count;

    /// <summary>All events so far.</summary>
    public IReadOnlyList<SessionEvent> Events => _events;

    /// <summary>What the model has said, across all events so far.</summary>
    public string Text => string.Concat(_events.OfType<SessionEvent<TokenStream>>().Select(token => token.Data.Chunk));

    public static async Task<Watching> RawAsync(GatewayFixture gateway, string sessionId, long afterSeq = 0) =>
        new(await RawReader.ConnectAsync(gateway, $"/ws?session_id={sessionId}&after_seq={afterSeq}"), afterSeq);

    public static async Task<Watching> HubAsync(GatewayFixture gateway, string sessionId, long afterSeq = 0) =>
        new(await (await HubReader.ConnectAsync(gateway, messagePack: true)).SubscribeAsync(sessionId, afterSeq), afterSeq);

    public async Task<SessionEvent> NextAsync()
    {
        var next = await reader.NextAsync();
        Assert.Equal(LastSeq + 1, next.Seq);
        _events.Add(next);
        return next;
    }

    /// <summary>Reads on to the first event of this kind.</summary>
    public async Task<SessionEvent<TData>> UntilAsync<TData>(Func<TData, bool>? condition = null)
        where TData : class, IEventData
    {
        while (true)
        {
            if (await NextAsync() is SessionEvent<TData> found && (condition is null || condition(found.Data))) return found;
        }
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();
}


namespace Gateway.Tests.Infrastructure;

/// <summary>A SignalR client by hand, JSON over a WebSocket: cheap enough for thousands.</summary>
internal sealed class HubPeer(Peer peer) : IAsyncDisposable
{
    private const byte Separator = 0x1e;

    private readonly Queue<long> _seqs = new();

    public Peer Peer { get; } = peer;

    public static async Task<HubPeer> SubscribeAsync(GatewayFixture gateway, string sessionId, long afterSeq)
    {
        var peer = await Peer.ConnectAsync(gateway, "/hub");
        await peer.SendTextAsync("{\"protocol\":\"json\",\"version\":1}\u001e");
        if (await peer.ReadTextAsync() is not "{}\u001e") throw new InvalidOperationException("No handshake with the hub.");
        await peer.SendTextAsync($$"""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["{{sessionId}}",{{afterSeq}}]}""" + "\u001e");
        return new HubPeer(peer);
    }

    public async ValueTask<long> ReadSeqAsync()
    {
        while (_seqs.Count == 0)
        {
            var message = await Peer.ReadMessageAsync() ?? throw new InvalidOperationException("The connection has ended.");
            Take(message.Span);
        }

        return _seqs.Dequeue();
    }

    public ValueTask DisposeAsync() => Peer.DisposeAsync();

    private void Take(ReadOnlySpan<byte> message)
    {
        foreach (var range in message.Split(Separator))
        {
            var record = message[range];
            if (record.StartsWith("{\"type\":1,"u8)) _seqs.Enqueue(Peer.SeqOf(record));
            else if (record.IndexOf("\"error\""u8) >= 0) throw new InvalidOperationException("Refused: " + System.Text.Encoding.UTF8.GetString(record));
        }
    }
}

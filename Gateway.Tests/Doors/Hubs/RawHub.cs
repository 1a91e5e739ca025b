using System.Net.WebSockets;
using System.Text;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Doors.Hubs;

/// <summary>A hub connection without SignalR's client: sends what no proper client would.</summary>
internal sealed class RawHub : IAsyncDisposable
{
    private const byte Separator = 0x1E;

    private readonly RawReader _reader;

    private RawHub(RawReader reader) => _reader = reader;

    public static async Task<RawHub> ConnectAsync(GatewayFixture gateway, string protocol)
    {
        var hub = new RawHub(await RawReader.ConnectAsync(gateway, "/hub"));
        await hub.SendTextAsync($$"""{"protocol":"{{protocol}}","version":1}""");
        await hub._reader.NextTextAsync();
        return hub;
    }

    public Task SendTextAsync(string message) => SendAsync([.. Encoding.UTF8.GetBytes(message), Separator], WebSocketMessageType.Text);

    /// <summary>Sends a MessagePack message behind its length.</summary>
    public Task SendBinaryAsync(byte[] message)
    {
        var length = new List<byte>();
        for (var rest = message.Length; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                length.Add((byte)rest);
                break;
            }

            length.Add((byte)(rest | 0x80));
        }

        return SendAsync([.. length, .. message], WebSocketMessageType.Binary);
    }

    /// <summary>The next answer; null when the server has closed.</summary>
    public async Task<string?> NextAsync()
    {
        try
        {
            return await _reader.NextTextOrCloseAsync();
        }
        catch (WebSocketException)
        {
            // SignalR drops a connection whose client does not close it.
            return null;
        }
    }

    /// <summary>Reads up to the end of the connection.</summary>
    public async Task ClosedAsync()
    {
        while (await NextAsync() is not null)
        {
            // What was sent before.
        }
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private Task SendAsync(byte[] message, WebSocketMessageType type) => _reader.Socket.SendAsync(message, type, true, CancellationToken.None);
}

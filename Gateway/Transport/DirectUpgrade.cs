using System.Net.Sockets;
using System.Net.WebSockets;
using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport;

/// <summary>A request for a WebSocket that was read below HTTP and is about to be accepted.</summary>
internal sealed class DirectUpgrade(ConnectionContext connection, Socket socket, UpgradeHead head, FrameSender sender)
{
    /// <summary>The sending side, which everybody knows before the client learns that it is connected. The door that takes it names its wire.</summary>
    public FrameSender Sender => sender;

    /// <summary>What the address asks for: its query with the question mark; empty when there is none.</summary>
    public string Query => head.Query;

    /// <summary>Answers the client; null when the client does not even take the answer.</summary>
    public WebSocket? Accept()
    {
        // The socket's buffer is empty and takes these bytes at once, unless the peer has gone.
        Span<byte> response = stackalloc byte[WebSocketHandshake.ResponseLength];
        WebSocketHandshake.WriteResponse(head.Key!, response);
        if (socket.Send(response, SocketFlags.None, out var error) != response.Length || error != SocketError.Success) return null;
        return WebSocket.CreateFromStream(
            new FrameStream(connection.Transport.Input.AsStream(leaveOpen: true), sender),
            new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
    }

    /// <summary>The sending side of a connection that is about to be accepted.</summary>
    public static FrameSender CreateSender(SessionFeeds feeds, Socket socket, ConnectionContext connection) =>
        feeds.CreateSender(new SocketOutput(socket), connection.Abort, pings: true);
}

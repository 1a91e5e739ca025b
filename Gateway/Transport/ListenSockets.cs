using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Transport;

/// <summary>Makes the sockets Kestrel listens on; connections inherit what is set on them.</summary>
internal static class ListenSockets
{
    // Without this limit the kernel takes megabytes for one slow reader: they cost memory, and a pong waits behind them. Bytes
    // in flight do not count, so a distant reader is not slowed down.
    private const int MaxUnsentBytes = 128 * 1024;

    // TCP_NOTSENT_LOWAT of the kernel's headers; .NET has no name for it.
    private const int LinuxTcpNotSentLowWater = 25;

    /// <summary>Creates a bound socket whose connections queue little in the kernel.</summary>
    public static Socket Create(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (OperatingSystem.IsLinux() && endpoint is IPEndPoint)
        {
            Span<byte> value = stackalloc byte[sizeof(int)];
            BitConverter.TryWriteBytes(value, MaxUnsentBytes);
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxTcpNotSentLowWater, value);
        }

        return socket;
    }
}

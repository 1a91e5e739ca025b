using System.Net;
using System.Net.Sockets;
using Gateway.Admission;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Transport;

/// <summary>Makes the sockets Kestrel listens on, whichever setting or code names them; connections inherit what is set on them.</summary>
internal sealed class ListenSockets(ListenPolicy policy)
{
    // Without this limit the kernel takes megabytes for one slow reader: they cost memory, and a pong waits behind them. Bytes
    // in flight do not count, so a distant reader is not slowed down.
    private const int MaxUnsentBytes = 128 * 1024;

    // TCP_NOTSENT_LOWAT of the kernel's headers; .NET has no name for it.
    private const int LinuxTcpNotSentLowWater = 25;

    /// <summary>Creates a bound socket whose connections queue little in the kernel.</summary>
    /// <exception cref="ListenRefusedException">Others could reach the address, and nobody has said that they may.</exception>
    public Socket Create(EndPoint endpoint)
    {
        // A socket that was inherited says only now where it listens.
        if (endpoint is not FileHandleEndPoint) policy.Require(endpoint);
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is FileHandleEndPoint && socket.LocalEndPoint is { } inherited) policy.Require(inherited);
        if (OperatingSystem.IsLinux() && endpoint is IPEndPoint)
        {
            Span<byte> value = stackalloc byte[sizeof(int)];
            BitConverter.TryWriteBytes(value, MaxUnsentBytes);
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxTcpNotSentLowWater, value);
        }

        return socket;
    }
}

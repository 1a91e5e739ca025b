using System.Buffers.Binary;
using System.Net.Sockets;

namespace Gateway.Delivery.Sockets;

/// <summary>How far a peer's system has come with what it was sent.</summary>
/// <remarks>
/// A slow reader makes room in its own system's buffer, long before there is room in this one's: only TCP's
/// acknowledgements tell it from a reader that has stopped.
/// </remarks>
internal static class PeerProgress
{
    // From the kernel's headers; .NET has no names for them.
    private const int LinuxTcpInfo = 11;
    private const int BytesAckedOffset = 120;

    /// <summary>Bytes the peer has acknowledged; 0 where the system does not tell.</summary>
    public static ulong Of(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux()) return 0;
        Span<byte> info = stackalloc byte[BytesAckedOffset + sizeof(ulong)];
        try
        {
            return socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxTcpInfo, info) < info.Length ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(info[BytesAckedOffset..]);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // No TCP, or no socket any more.
            return 0;
        }
    }
}

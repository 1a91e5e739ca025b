using System.Buffers.Binary;
using System.Net.Sockets;

namespace Gateway.Delivery.Outputs;

/// <summary>How far a peer's system has come with what it was sent, in bytes since the connection was made; all 0 where the system does not tell.</summary>
/// <remarks>
/// A slow reader makes room in its own system's buffer, long before there is room in this one's: only TCP's
/// acknowledgements tell it from a reader that has stopped.
/// </remarks>
/// <param name="Given">What this system has been given to send.</param>
/// <param name="Taken">What the peer's system has acknowledged of it.</param>
internal readonly record struct PeerProgress(ulong Given, ulong Taken)
{
    // From the kernel's headers (struct tcp_info); .NET has no names for them.
    private const int LinuxTcpInfo = 11;
    private const int BytesAckedOffset = 120;
    private const int NotSentOffset = 144;
    private const int BytesSentOffset = 200;
    private const int BytesResentOffset = 208;
    private const int Length = BytesResentOffset + sizeof(ulong);

    /// <summary>Asks the system.</summary>
    public static PeerProgress Of(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux()) return default;
        Span<byte> info = stackalloc byte[Length];
        int length;
        try
        {
            length = socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxTcpInfo, info);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // No TCP, or no socket any more.
            return default;
        }

        if (length < BytesAckedOffset + sizeof(ulong)) return default;
        var taken = BinaryPrimitives.ReadUInt64LittleEndian(info[BytesAckedOffset..]);

        // A kernel before 4.19 does not say what it has sent.
        if (length < Length) return new(taken, taken);
        var sent = BinaryPrimitives.ReadUInt64LittleEndian(info[BytesSentOffset..]) - BinaryPrimitives.ReadUInt64LittleEndian(info[BytesResentOffset..]);
        return new(sent + BinaryPrimitives.ReadUInt32LittleEndian(info[NotSentOffset..]), taken);
    }
}

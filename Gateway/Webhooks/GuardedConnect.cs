using System.Net;
using System.Net.Sockets;

namespace Gateway.Webhooks;

/// <summary>Opens connections, only to addresses that may be connected to.</summary>
/// <remarks>The address that is checked is the one that is connected to: a name that leads elsewhere a moment later changes nothing.</remarks>
/// <param name="guard">Which they are.</param>
/// <param name="resolve">Asks for the addresses of a name.</param>
internal sealed class GuardedConnect(AddressGuard guard, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Connects to the first address of a host that may be connected to and answers.</summary>
    /// <exception cref="AddressRefusedException">There is none that may be.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var found = IPAddress.TryParse(host.Host, out var literal) ? [literal] : await resolve(host.Host, cancellationToken);
        var allowed = found.Where(guard.Allows).ToList();
        if (allowed.Count == 0) throw new AddressRefusedException(host.Host, found);
        for (var i = 0; ; i++)
        {
            var socket = new Socket(allowed[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(allowed[i], host.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i < allowed.Count - 1)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Gateway.Admission;

/// <summary>Where the gateway may listen: as long as it asks nobody who they are, only where this machine alone reaches it.</summary>
internal sealed class ListenPolicy(IOptions<AuthOptions> options)
{
    /// <summary>Checks an address before it is listened on.</summary>
    /// <exception cref="ListenRefusedException">Others could reach it, and nobody has said that they may.</exception>
    public void Require(EndPoint endpoint)
    {
        if (options.Value.AllowAnonymous || options.Value.HostAuthenticates || IsLocal(endpoint)) return;
        throw new ListenRefusedException(
            $"The gateway asks nobody who they are, so it does not listen on {endpoint}, where other machines reach it. "
            + "Listen on this machine (--urls http://localhost:8080) behind a proxy that lets in whom it knows, or say that all who reach the address may do everything: "
            + $"{AuthOptions.Section}:{nameof(AuthOptions.AllowAnonymous)}=true (in a container, whose ports only you publish: Gateway__Auth__AllowAnonymous=true).");
    }

    // A Unix socket has the rights of its file. What is not known may be anything.
    private static bool IsLocal(EndPoint endpoint) => endpoint switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        UnixDomainSocketEndPoint => true,
        _ => false,
    };
}

using System.Net;
using Gateway.Admission;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Transport;

/// <summary>Asks where HTTP/3 may listen, as <see cref="ListenSockets"/> does for all else; binds nothing itself.</summary>
/// <remarks>QUIC makes its sockets past Kestrel's transport over sockets. The server asks each of its transports in turn, the last that was added first.</remarks>
internal sealed class QuicGuard(ListenPolicy policy) : IMultiplexedConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <inheritdoc/>
    /// <exception cref="ListenRefusedException">Others could reach the address, and nobody has said that they may.</exception>
    public bool CanBind(EndPoint endpoint)
    {
        policy.Require(endpoint);
        return false;
    }

    /// <inheritdoc/>
    public ValueTask<IMultiplexedConnectionListener> BindAsync(EndPoint endpoint, IFeatureCollection? features = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Another transport binds.");
}

using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Gateway.Transport;

/// <summary>Kestrel's transport over sockets, which takes no connection out of the reserve of descriptors.</summary>
/// <remarks>A connection is refused where it is accepted: a queue of accepted ones, closed one by one later, could use up the reserve.</remarks>
internal sealed class GuardedTransport(DescriptorReserve reserve, IOptions<SocketTransportOptions> options, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        reserve.RequireRoom();
        return new Listener(await _sockets.BindAsync(endpoint, cancellationToken), reserve);
    }

    private sealed class Listener(IConnectionListener inner, DescriptorReserve reserve) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                var connection = await inner.AcceptAsync(cancellationToken);
                if (connection is null || reserve.Allows(connection)) return connection;
                connection.Abort(new ConnectionAbortedException("The gateway has too few file descriptors left."));
                await connection.DisposeAsync();
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

using System.Net;

namespace Gateway.Admission;

/// <summary>A connection's place among the counted; given back when the connection has ended.</summary>
internal sealed class ConnectionPlace(ConnectionLimiter limiter, IPAddress? address) : IDisposable
{
    private bool _left;

    public void Dispose()
    {
        if (_left) return;
        _left = true;
        limiter.Leave(address);
    }
}

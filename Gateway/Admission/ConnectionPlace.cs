using System.Net;

namespace Gateway.Admission;

/// <summary>A connection's place among those that are counted; disposed when the connection has ended.</summary>
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

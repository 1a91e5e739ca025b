using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Commands;

/// <summary>A log in memory that stops finding one session after a number of times.</summary>
internal sealed class FailingFindLog() : DelegatingSessionLog(new MemorySessionLog())
{
    private readonly Lock _gate = new();
    private string? _sessionId;
    private int _left;

    /// <summary>Finds the session so many times more, and then fails until it works again.</summary>
    public void FailAfter(int times, string sessionId)
    {
        lock (_gate) (_left, _sessionId) = (times, sessionId);
    }

    public void Work()
    {
        lock (_gate) _sessionId = null;
    }

    public override Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (sessionId == _sessionId && _left-- <= 0) throw new StorageException("the disk is full");
        }

        return base.FindAsync(sessionId, cancellationToken);
    }
}

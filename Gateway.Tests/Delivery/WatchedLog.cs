using Gateway.Log;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Delivery;

/// <summary>A log that counts what is read, and reads nothing as long as a test says so.</summary>
internal sealed class WatchedLog(ISessionLog inner) : DelegatingSessionLog(inner)
{
    private long _bytesRead;

    /// <summary>Bytes of all events read.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Reads fail while it is set; those under way when it completes still do.</summary>
    public TaskCompletionSource? Outage { get; set; }

    /// <summary>Completes with the first read that meets the outage.</summary>
    public TaskCompletionSource MetOutage { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken)
    {
        if (Outage is { } outage)
        {
            MetOutage.TrySetResult();
            await outage.Task;
            throw new StorageException("The test has switched reading off.");
        }

        var events = await base.ReadAsync(sessionId, afterSeq, limit, cancellationToken);
        Interlocked.Add(ref _bytesRead, events.Sum(e => (long)e.Json.Length));
        return events;
    }
}

using System.Buffers;
using Gateway.Delivery.Wires;
using Gateway.Log;

namespace Gateway.Delivery;

/// <summary>Reads for those who have fallen out of the window, or come late: a page of the log at a time.</summary>
internal sealed partial class LogPages(ISessionLog log, Action<SessionFeed> release, ILogger<LogPages> logger)
{
    // A reader that has stopped holds one page: together about as much as fits.
    private const int MaxBytes = 32 * 1024;
    private const int MaxRemembered = 10_000;
    private static readonly ReadLimit Page = new(128, MaxBytes);

    private readonly SharedPages _shared = new();
    private readonly HashSet<string> _damaged = new(StringComparer.Ordinal);

    /// <summary>The next page of a session for one reader, which shares it with all that are at the same place.</summary>
    public Task<LogPage> LoadAsync(SessionFeed feed, Wire wire, long next, bool merge)
    {
        var key = new PageKey(feed, wire, next, merge);
        return _shared.Find(key) ?? _shared.LoadAsync(key, ReadAsync);
    }

    private async Task<LogPage> ReadAsync(PageKey key)
    {
        var (feed, wire, next, merge) = key;
        IReadOnlyList<LoggedEvent> events;
        try
        {
            events = await log.ReadAsync(feed.SessionId, next - 1, Page, CancellationToken.None);
            return Encode(merge ? TokenRun.Merge(Readable(events)) : events, wire, next);
        }
        catch (DamagedLogException exception)
        {
            if (IsNews(feed.SessionId)) LogDamaged(feed.SessionId, exception.Message);
            return new LogPage(default, next, Refusal: SessionRefusal.Damaged(feed.SessionId, exception));
        }
        catch (StorageException exception)
        {
            LogReadFailed(feed.SessionId, next, exception);
            return new LogPage(default, next, Failed: true);
        }
        catch (Exception exception)
        {
            LogUnexpected(feed.SessionId, next, exception);
            return new LogPage(default, next, Failed: true);
        }
    }

    /// <summary>Gives back a feed that a sender has left.</summary>
    public void Release(SessionFeed feed) => release(feed);

    private static LogPage Encode(IReadOnlyList<LoggedEvent> events, Wire wire, long next)
    {
        if (events.Count == 0) return new LogPage(default, next);

        var frame = new ArrayBufferWriter<byte>(512);
        var page = new ArrayBufferWriter<byte>(4 * 1024);
        foreach (var logged in events)
        {
            frame.ResetWrittenCount();
            try
            {
                wire.Write(logged, frame);
            }
            catch (DamagedLogException) when (page.WrittenCount > 0)
            {
                // What comes before the damaged event is good; the next page begins at that event.
                break;
            }

            // Not a byte more, or the buffer would double once again.
            if (page.WrittenCount > 0 && page.WrittenCount + frame.WrittenCount > MaxBytes) break;
            page.Write(frame.WrittenSpan);
            next = logged.Seq + 1;
        }

        return new LogPage(page.WrittenMemory, next);
    }

    // Merging looks into every event; a damaged one is found again when a page begins at it.
    private static IReadOnlyList<LoggedEvent> Readable(IReadOnlyList<LoggedEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            try
            {
                _ = events[i].Event;
            }
            catch (DamagedLogException) when (i > 0)
            {
                return [.. events.Take(i)];
            }
        }

        return events;
    }

    // Once a session: the damage stays, and every reader meets it.
    private bool IsNews(string sessionId)
    {
        lock (_damaged)
        {
            if (_damaged.Count >= MaxRemembered) _damaged.Clear();
            return _damaged.Add(sessionId);
        }
    }
}

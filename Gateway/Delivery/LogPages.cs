using System.Buffers;
using Gateway.Delivery.Wires;
using Gateway.Log;

namespace Gateway.Delivery;

/// <summary>Reads for those who have fallen out of the window, or come late: a page of the log at a time.</summary>
internal sealed partial class LogPages(ISessionLog log, Action<SessionFeed> release, ILogger<LogPages> logger)
{
    private const int MaxEvents = 256;
    private const int MaxBytes = 32 * 1024;

    /// <summary>The next page of a session for one reader.</summary>
    public async Task<LogPage> LoadAsync(SessionFeed feed, Wire wire, long next, bool merge)
    {
        IReadOnlyList<LoggedEvent> events;
        try
        {
            events = await log.ReadAsync(feed.SessionId, next - 1, MaxEvents, CancellationToken.None);
            return Encode(merge ? TokenMerger.Merge(events) : events, wire, next);
        }
        catch (Exception exception) when (exception is StorageException or DamagedLogException)
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

    /// <summary>Gives a feed back that a sender has left.</summary>
    public void Release(SessionFeed feed) => release(feed);

    private static LogPage Encode(IReadOnlyList<LoggedEvent> events, Wire wire, long next)
    {
        if (events.Count == 0) return new LogPage(default, next, Failed: false);

        var message = new ArrayBufferWriter<byte>(512);
        var page = new ArrayBufferWriter<byte>(4 * 1024);
        foreach (var logged in events)
        {
            message.ResetWrittenCount();
            wire.Encode(logged, message);
            var header = page.GetSpan(WebSocketFrame.MaxHeaderLength);
            page.Advance(WebSocketFrame.WriteHeader(header, wire.MessageType, message.WrittenCount));
            page.Write(message.WrittenSpan);
            next = logged.Seq + 1;
            if (page.WrittenCount >= MaxBytes) break;
        }

        return new LogPage(page.WrittenMemory, next, Failed: false);
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "Reading session {SessionId} from seq {Seq} failed; its readers wait and try again")]
    private partial void LogReadFailed(string sessionId, long seq, Exception exception);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "Reading session {SessionId} from seq {Seq} failed unexpectedly")]
    private partial void LogUnexpected(string sessionId, long seq, Exception exception);
}

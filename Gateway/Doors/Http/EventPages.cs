using System.Buffers;
using System.Globalization;
using System.Text;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Doors.Http;

/// <summary>Writes a page of a session's log from the stored events, without encoding them again.</summary>
/// <remarks>
/// It is read a little at a time, as the client takes it: a slow reader of a page holds what was read last, and no page. A
/// large event is counted among the large messages until the client has taken it.
/// </remarks>
internal sealed class EventPages(SessionCommands commands, LargeMessages large)
{
    /// <summary>The bytes of events after which a page ends.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const int PieceBytes = 64 * 1024;

    /// <summary>Writes a page.</summary>
    /// <exception cref="GatewayException">It is refused, and nothing has been answered yet.</exception>
    public async Task WriteAsync(HttpResponse response, Caller caller, string sessionId, long afterSeq, int limit, CancellationToken cancellationToken)
    {
        var (entry, events) = await commands.ReadEventsAsync(caller, sessionId, afterSeq, new ReadLimit(limit, PieceBytes), cancellationToken);
        response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(response.HttpContext.Request.Method)) return;

        var body = response.BodyWriter;
        var (count, bytes, next) = (0, 0L, afterSeq);
        var ends = false;
        while (events.Count > 0 && !ends)
        {
            foreach (var logged in events)
            {
                // The page ends before a large event for which there is no room at the moment, unless there would be nothing on it.
                var (hasRoom, share) = await TakeAsync(logged, isFirst: count == 0, cancellationToken);
                ends = !hasRoom;
                if (ends) break;
                using (share)
                {
                    body.Write(count++ == 0 ? "{\"events\":["u8 : ","u8);
                    if (share is null) body.Write(logged.Json);
                    else if (!await WriteLargeAsync(response, logged.Json, share, cancellationToken)) return;
                }

                bytes += logged.Json.Length;
                next = logged.Seq;
            }

            if ((await body.FlushAsync(cancellationToken)).IsCompleted) return;
            if (ends || count >= limit || bytes >= MaxBytes || next >= entry.LastSeq) break;
            try
            {
                (entry, events) = await commands.ReadEventsAsync(caller, sessionId, next, new ReadLimit(limit - count, PieceBytes), cancellationToken);
            }
            catch (Exception exception) when (exception is GatewayException or StorageException or DamagedLogException)
            {
                // The page ends here; who asks for the next one is told why there is none.
                break;
            }
        }

        // The log may have grown since the session was looked up.
        var last = Math.Max(entry.LastSeq, next);
        if (count == 0) body.Write("{\"events\":["u8);
        body.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"],\"last_seq\":{last},\"next_after_seq\":{next}}}")));
        await body.FlushAsync(cancellationToken);
    }

    private async Task<(bool HasRoom, ByteShare? Share)> TakeAsync(LoggedEvent logged, bool isFirst, CancellationToken cancellationToken)
    {
        if (logged.Json.Length <= LargeMessages.Small) return (true, null);
        try
        {
            return (true, await large.TakeForAnswerAsync(logged.Json.Length, cancellationToken));
        }
        catch (GatewayException) when (!isFirst)
        {
            return (false, null);
        }
    }

    // Returns false when the client has left.
    private static async Task<bool> WriteLargeAsync(HttpResponse response, ReadOnlyMemory<byte> json, ByteShare share, CancellationToken cancellationToken)
    {
        share.BeginTransfer(response.HttpContext.Abort);
        for (; !json.IsEmpty; json = json[Math.Min(json.Length, PieceBytes)..])
        {
            if ((await response.BodyWriter.WriteAsync(json[..Math.Min(json.Length, PieceBytes)], cancellationToken)).IsCompleted) return false;
        }

        share.FinishTransfer();
        return true;
    }
}

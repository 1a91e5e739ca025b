using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Gateway.Log;

namespace Gateway.Doors.Http;

/// <summary>Writes a page of a session's log from the stored events, without reading or encoding them again.</summary>
internal static class EventPages
{
    /// <summary>The most bytes of events in a page, which is held in memory whole.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    public static async Task WriteAsync(HttpResponse response, SessionEntry entry, long afterSeq, IReadOnlyList<LoggedEvent> events, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json; charset=utf-8";
        Write(response.BodyWriter, entry, afterSeq, events);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static void Write(PipeWriter body, SessionEntry entry, long afterSeq, IReadOnlyList<LoggedEvent> events)
    {
        var next = events.Count == 0 ? afterSeq : events[^1].Seq;
        // The log may have grown since the session was looked up.
        var last = Math.Max(entry.LastSeq, next);

        body.Write("{\"events\":["u8);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0) body.Write(","u8);
            body.Write(events[i].Json);
        }

        body.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"],\"last_seq\":{last},\"next_after_seq\":{next}}}")));
    }
}

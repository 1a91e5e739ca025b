using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>Copies the history that a forked session shares with another one into its log, page by page.</summary>
/// <remarks>
/// The copies keep seq, time and words, so every reader and the fold take them for what they are. A copy that was broken off is
/// completed later from where it was: how far it should go stands in the header.
/// </remarks>
internal static class ForkCopy
{
    private static readonly ReadLimit s_page = new(500, 512 * 1024);

    /// <summary>Copies what is missing.</summary>
    /// <param name="log">The logs of both.</param>
    /// <param name="header">The header of the new session.</param>
    /// <param name="lastSeq">How far its log goes.</param>
    /// <exception cref="GatewayException"><c>unknown_session</c>: the other session has been deleted meanwhile.</exception>
    /// <exception cref="DamagedLogException">The log of the other session cannot be read.</exception>
    public static async Task CompleteAsync(ISessionLog log, SessionHeader header, long lastSeq)
    {
        var from = header.ForkedFrom!;
        while (lastSeq < from.Seq)
        {
            var page = await log.ReadAsync(from.SessionId, lastSeq, s_page, CancellationToken.None);
            if (page.Count == 0) throw SessionId.Unknown(from.SessionId);
            var copies = new List<LoggedEvent>();
            foreach (var logged in page)
            {
                if (lastSeq + copies.Count >= from.Seq) break;
                var tail = logged.Seq <= from.Seq ? 0 : await TailAsync(log, from);
                foreach (var single in Apart(logged.Event, lastSeq + copies.Count + 1, Math.Min(logged.Seq, from.Seq), tail)) copies.Add(new LoggedEvent(Of(header.SessionId, single)));
            }

            await log.AppendAsync(header.SessionId, lastSeq, copies, SessionStatus.Running, CancellationToken.None);
            lastSeq += copies.Count;
        }
    }

    // The history may end within a run of chunks that the log has made one event of.
    private static async Task<int> TailAsync(ISessionLog log, SessionOrigin from) =>
        (await log.ReadAsync(from.SessionId, from.Seq, 1, CancellationToken.None))[0].Event is SessionEvent<TokenStream> { Data.Chunk: var chunk } ? chunk.Length : 0;

    // One event for each seq: where one stands for several, its text is cut into as many pieces.
    private static IEnumerable<SessionEvent> Apart(SessionEvent sessionEvent, long first, long last, int tail)
    {
        if (sessionEvent is not SessionEvent<TokenStream> { MergedFrom: not null } merged || first > last)
        {
            yield return sessionEvent;
            yield break;
        }

        var (text, count, at) = (merged.Data.Chunk[..^tail], last - first + 1, 0);
        for (var seq = first; seq <= last; seq++)
        {
            var to = (int)(text.Length * (seq - first + 1) / count);
            if (to > 0 && to < text.Length && char.IsLowSurrogate(text[to])) to++;
            yield return merged with { MergedFrom = null, Seq = seq, Timestamp = merged.Timestamp.AddTicks(seq - merged.Seq), Data = merged.Data with { Chunk = text[at..to] } };
            at = to;
        }
    }

    private static SessionEvent Of(string sessionId, SessionEvent sessionEvent) => sessionEvent switch
    {
        SessionEvent<TokenStream> e => e with { Data = e.Data with { SessionId = sessionId } },
        SessionEvent<NodeStateChange> e => e with { Data = e.Data with { SessionId = sessionId } },
        SessionEvent<ParallelStart> e => e with { Data = e.Data with { SessionId = sessionId } },
        SessionEvent<TokenUsage> e => e with { Data = e.Data with { SessionId = sessionId } },
        SessionEvent<ExecutionPaused> e => e with { Data = e.Data with { SessionId = sessionId } },
        SessionEvent<ExecutionError> e => e with { Data = e.Data with { SessionId = sessionId } },
        _ => throw new InvalidOperationException($"The history of a fork has no {sessionEvent.Event}."),
    };
}

using System.Text;
using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>Merges token chunks of a finished session, and cuts a merged event where a reader resumes inside it.</summary>
/// <remarks>
/// Only chunks with neighbouring seqs are merged: the seqs a merged event covers then hold nothing else, and no
/// reader's order changes. What a user says is never merged, because each of these events is a message of its own.
/// </remarks>
internal static class ChunkMerger
{
    /// <summary>A merged text is closed once it has so many chars, so that a frame stays small.</summary>
    internal const int MaxChars = 8 * 1024;

    /// <summary>The runs of two and more chunks among <paramref name="events"/>, in order.</summary>
    /// <exception cref="DamagedLogException">An event cannot be read.</exception>
    public static List<MergedRun> FindRuns(IEnumerable<LoggedEvent> events)
    {
        var runs = new List<MergedRun>();
        var open = new List<SessionEvent<TokenStream>>();
        var chars = 0;
        foreach (var logged in events)
        {
            var chunk = logged.Event as SessionEvent<TokenStream>;
            if (open.Count > 0 && (chunk is null || !Follows(open[^1], chunk) || chars + chunk.Data.Chunk.Length > MaxChars)) Close();
            if (chunk is null || !CanMerge(chunk)) continue;
            open.Add(chunk);
            chars += chunk.Data.Chunk.Length;
        }

        Close();
        return runs;

        void Close()
        {
            if (open.Count > 1) runs.Add(Merge(open));
            open.Clear();
            chars = 0;
        }
    }

    /// <summary>What is left of a merged event for a reader who has seen everything up to <paramref name="afterSeq"/>.</summary>
    /// <exception cref="DamagedLogException">The event and the lengths of its chunks do not belong together.</exception>
    public static LoggedEvent Cut(LoggedEvent merged, ReadOnlySpan<int> lengths, long afterSeq)
    {
        var from = merged.Seq - lengths.Length + 1;
        var seen = 0;
        foreach (var length in lengths[..(int)(afterSeq - from + 1)]) seen += length;
        if (merged.Event is not SessionEvent<TokenStream> whole || whole.MergedFrom != from || seen > whole.Data.Chunk.Length)
            throw new DamagedLogException($"Events {from} to {merged.Seq} cannot be told apart.");

        return new LoggedEvent(whole with
        {
            MergedFrom = afterSeq + 1 < merged.Seq ? afterSeq + 1 : null,
            Data = whole.Data with { Chunk = whole.Data.Chunk[seen..] },
        });
    }

    private static bool CanMerge(SessionEvent<TokenStream> chunk) =>
        chunk.MergedFrom is null && chunk.Data.NodeId is not null && chunk.Data.AgentId != TokenStream.UserAgentId;

    private static bool Follows(SessionEvent<TokenStream> last, SessionEvent<TokenStream> next) =>
        CanMerge(next)
        && next.Seq == last.Seq + 1
        && next.Data.NodeId == last.Data.NodeId
        && next.Data.AgentId == last.Data.AgentId
        && next.Data.IsThinking == last.Data.IsThinking;

    private static MergedRun Merge(List<SessionEvent<TokenStream>> chunks)
    {
        var text = new StringBuilder();
        foreach (var chunk in chunks) text.Append(chunk.Data.Chunk);
        var last = chunks[^1];
        var merged = last with { MergedFrom = chunks[0].Seq, Data = last.Data with { Chunk = text.ToString() } };
        return new MergedRun(merged, [.. chunks.Select(c => c.Data.Chunk.Length)]);
    }
}

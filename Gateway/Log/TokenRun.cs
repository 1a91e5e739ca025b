using System.Text;
using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>Merges consecutive tokens of one speaker, and cuts a merged event where a reader resumes inside it.</summary>
/// <remarks>
/// Only tokens with neighbouring seqs are merged: the seqs a merged event covers then hold nothing else, and no
/// reader's order changes. What a user says is never merged, because each of these events is a message of its own; nor is what tells of a call of a tool.
/// The merged event has the whole text, the last event's seq and timestamp, and <c>merged_from</c> with the first seq.
/// </remarks>
internal static class TokenRun
{
    /// <summary>A stored text is closed once it has so many chars, so that its event stays small.</summary>
    internal const int MaxStoredChars = 8 * 1024;

    /// <summary>The events with every run made one event: less to send, nothing lost.</summary>
    /// <exception cref="DamagedLogException">An event cannot be read.</exception>
    public static IReadOnlyList<LoggedEvent> Merge(IEnumerable<LoggedEvent> events) =>
        [.. Split(events, int.MaxValue, again: true).Select(run => run.Count == 1 ? run[0] : new LoggedEvent(Join(run)))];

    /// <summary>The runs of two and more tokens that a finished session's log keeps as one event each, in order.</summary>
    /// <remarks>What is merged already stays as it is: a reader may resume at any token, and only one set of lengths is kept.</remarks>
    /// <exception cref="DamagedLogException">An event cannot be read.</exception>
    public static List<MergedRun> FindToStore(IEnumerable<LoggedEvent> events) =>
        [.. Split(events, MaxStoredChars, again: false).Where(run => run.Count > 1).Select(run => new MergedRun(Join(run), [.. run.Select(token => Tokens(token).Data.Chunk.Length)]))];

    /// <summary>What is left of a merged event for a reader who has seen everything up to <paramref name="afterSeq"/>.</summary>
    /// <exception cref="DamagedLogException">The event and the lengths of its tokens do not belong together.</exception>
    public static LoggedEvent Cut(LoggedEvent merged, ReadOnlySpan<int> lengths, long afterSeq)
    {
        var from = merged.Seq - lengths.Length + 1;
        var seen = 0;
        foreach (var length in lengths[..(int)(afterSeq - from + 1)]) seen += length;
        if (merged.Event is not SessionEvent<TokenStream> whole || whole.MergedFrom != from || seen > whole.Data.Chunk.Length)
        {
            throw new DamagedLogException($"Events {from} to {merged.Seq} cannot be told apart.");
        }

        return new LoggedEvent(whole with
        {
            MergedFrom = afterSeq + 1 < merged.Seq ? afterSeq + 1 : null,
            Data = whole.Data with { Chunk = whole.Data.Chunk[seen..] },
        });
    }

    // Every event is in one run; those that cannot be merged are alone in theirs.
    private static IEnumerable<List<LoggedEvent>> Split(IEnumerable<LoggedEvent> events, int maxChars, bool again)
    {
        var run = new List<LoggedEvent>();
        var chars = 0L;
        foreach (var logged in events)
        {
            var length = (logged.Event as SessionEvent<TokenStream>)?.Data.Chunk.Length ?? 0;
            if (run.Count > 0 && (chars + length > maxChars || !Follows(run[^1], logged, again)))
            {
                yield return run;
                run = [];
                chars = 0;
            }

            run.Add(logged);
            chars += length;
        }

        if (run.Count > 0) yield return run;
    }

    private static bool Follows(LoggedEvent last, LoggedEvent next, bool again) =>
        last.Event is SessionEvent<TokenStream> a
        && next.Event is SessionEvent<TokenStream> b
        && CanMerge(a, again)
        && CanMerge(b, again)
        && (b.MergedFrom ?? b.Seq) == a.Seq + 1
        && a.Data.NodeId == b.Data.NodeId
        && a.Data.AgentId == b.Data.AgentId
        && a.Data.IsThinking == b.Data.IsThinking;

    private static bool CanMerge(SessionEvent<TokenStream> token, bool again) =>
        (again || token.MergedFrom is null) && token.Data.NodeId is not null && token.Data.AgentId != TokenStream.UserAgentId && token.Data.Tool is null;

    private static SessionEvent<TokenStream> Join(List<LoggedEvent> run)
    {
        var text = new StringBuilder();
        foreach (var token in run) text.Append(Tokens(token).Data.Chunk);
        var (first, last) = (Tokens(run[0]), Tokens(run[^1]));
        return last with { MergedFrom = first.MergedFrom ?? first.Seq, Data = last.Data with { Chunk = text.ToString() } };
    }

    private static SessionEvent<TokenStream> Tokens(LoggedEvent logged) => (SessionEvent<TokenStream>)logged.Event;
}

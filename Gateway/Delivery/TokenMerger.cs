using System.Text;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Delivery;

/// <summary>Makes one event of consecutive tokens of one node: less to send, nothing lost.</summary>
/// <remarks>The merged event has the whole text, the last event's seq and timestamp, and <c>merged_from</c> with the first seq.</remarks>
public static class TokenMerger
{
    /// <summary>Merges runs of <c>token_stream</c> of the same node, agent and kind.</summary>
    public static IReadOnlyList<LoggedEvent> Merge(IReadOnlyList<LoggedEvent> events)
    {
        var merged = new List<LoggedEvent>(events.Count);
        for (var i = 0; i < events.Count;)
        {
            var end = EndOfRun(events, i);
            merged.Add(end - i == 1 ? events[i] : MergeRun(events, i, end));
            i = end;
        }

        return merged;
    }

    private static int EndOfRun(IReadOnlyList<LoggedEvent> events, int start)
    {
        var end = start + 1;
        if (events[start].Event is not SessionEvent<TokenStream> first) return end;
        while (end < events.Count && events[end].Event is SessionEvent<TokenStream> next && BelongTogether(first.Data, next.Data)) end++;
        return end;
    }

    private static bool BelongTogether(TokenStream first, TokenStream next) =>
        first.NodeId is not null
        && first.AgentId != TokenStream.UserAgentId
        && first.NodeId == next.NodeId
        && first.AgentId == next.AgentId
        && first.IsThinking == next.IsThinking;

    private static LoggedEvent MergeRun(IReadOnlyList<LoggedEvent> events, int start, int end)
    {
        var first = (SessionEvent<TokenStream>)events[start].Event;
        var last = (SessionEvent<TokenStream>)events[end - 1].Event;
        var text = new StringBuilder();
        for (var i = start; i < end; i++) text.Append(((SessionEvent<TokenStream>)events[i].Event).Data.Chunk);
        return new LoggedEvent(last with { MergedFrom = first.MergedFrom ?? first.Seq, Data = first.Data with { Chunk = text.ToString() } });
    }
}

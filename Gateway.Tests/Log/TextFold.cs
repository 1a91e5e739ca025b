using System.Text;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Tests.Log;

/// <summary>What a reader makes of a log: each node's text per attempt, and what users said, as one string to compare.</summary>
internal sealed class TextFold
{
    private readonly SortedDictionary<string, StringBuilder> _texts = new(StringComparer.Ordinal);
    private readonly List<string> _userMessages = [];
    private readonly List<string> _others = [];

    public static string Of(IEnumerable<LoggedEvent> events) => Of(events.Select(e => e.Event));

    public static string Of(IEnumerable<SessionEvent> events)
    {
        var fold = new TextFold();
        SessionEvent? last = null;
        foreach (var sessionEvent in events)
        {
            fold.Add(sessionEvent);
            last = sessionEvent;
        }

        return string.Join('\n', fold._texts.Select(t => $"{t.Key}={t.Value}").Concat(fold._userMessages).Concat(fold._others).Append($"{last?.Seq} {last?.Timestamp:O}"));
    }

    private void Add(SessionEvent sessionEvent)
    {
        switch (sessionEvent)
        {
            case SessionEvent<TokenStream> { Data.AgentId: TokenStream.UserAgentId } user:
                _userMessages.Add(user.Data.Chunk);
                break;
            case SessionEvent<TokenStream> { Data: var token }:
                var key = $"{token.NodeId}/{token.AgentId}/{token.IsThinking}";
                if (!_texts.TryGetValue(key, out var text)) _texts.Add(key, text = new StringBuilder());
                text.Append(token.Chunk);
                break;
            case SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Running } started }:
                // A new attempt voids the text of the earlier.
                foreach (var voided in _texts.Where(t => t.Key.StartsWith(started.NodeId + "/", StringComparison.Ordinal))) voided.Value.Clear();
                break;
            default:
                _others.Add($"{sessionEvent.Event} {sessionEvent.Seq}");
                break;
        }
    }
}

using Gateway.Log;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Checks after each life of a gateway that no finished node's model was called again.</summary>
internal sealed class CallCheck
{
    private readonly Dictionary<string, IReadOnlySet<string>> _finished = [];

    /// <summary>Checks what a life did to one session.</summary>
    /// <param name="life">The life that has ended.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="agents">Its agent nodes.</param>
    /// <param name="events">Its log at the end of that life.</param>
    /// <param name="calls">All model calls of all lives.</param>
    public void CheckLife(int life, string sessionId, IEnumerable<string> agents, IReadOnlyList<LoggedEvent> events, ILookup<(int Life, string SessionId), string> calls)
    {
        var before = _finished.GetValueOrDefault(sessionId) ?? new HashSet<string>();
        var now = LogCopy.FinishedNodes(events);
        foreach (var node in agents)
        {
            var count = calls[(life, sessionId)].Count(called => called == node);
            if (before.Contains(node)) Assert.True(count == 0, $"'{node}' of {sessionId} had finished, and life {life} called its model again.");
            else if (now.Contains(node)) Assert.True(count == 1, $"'{node}' of {sessionId} finished in life {life} with {count} calls of its model.");
            else Assert.True(count <= 1, $"Life {life} called the model of '{node}' of {sessionId} {count} times.");
        }

        _finished[sessionId] = now;
    }
}

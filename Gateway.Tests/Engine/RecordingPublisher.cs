using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Engine;

/// <summary>Keeps what is published, and lets tests wait for it.</summary>
internal sealed class RecordingPublisher : ISessionPublisher
{
    private readonly Lock _gate = new();
    private readonly List<SessionEvent> _events = [];
    private readonly List<(Func<SessionEvent, bool> Match, TaskCompletionSource<SessionEvent> Found)> _waiting = [];

    public IReadOnlyList<SessionEvent> Of(string sessionId)
    {
        lock (_gate) return [.. _events.Where(e => e.SessionId == sessionId)];
    }

    public Task<SessionEvent> Seen(Func<SessionEvent, bool> match, string what)
    {
        var found = new TaskCompletionSource<SessionEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_events.Find(e => match(e)) is { } seen) found.SetResult(seen);
            else _waiting.Add((match, found));
        }

        return Wait.For(found.Task, what);
    }

    public void Publish(IReadOnlyList<LoggedEvent> events)
    {
        lock (_gate)
        {
            foreach (var sessionEvent in events.Select(e => e.Event))
            {
                _events.Add(sessionEvent);
                foreach (var waiting in _waiting.Where(w => w.Match(sessionEvent)).ToList())
                {
                    _waiting.Remove(waiting);
                    waiting.Found.SetResult(sessionEvent);
                }
            }
        }
    }
}

using Gateway.Client;
using Gateway.Client.Stores;
using Gateway.Contracts;

namespace Watch;

/// <summary>A session as lines, for a file, a pipe, or a terminal that cannot move its cursor: each message once it is whole.</summary>
internal sealed class PlainWatch
{
    private readonly SessionHandle _session;
    private readonly TextWriter _output;
    private readonly SessionStore _store = new();
    private readonly HashSet<int> _told = [];
    private string _status = SessionStatus.Running;

    private PlainWatch(SessionHandle session, TextWriter output)
    {
        (_session, _output) = (session, output);
        _store.Changed += (_, change) =>
        {
            if (change.Message is { } message) Show(message);
        };
    }

    /// <summary>Writes the session until it ends; returns the exit code.</summary>
    public static async Task<int> RunAsync(SessionHandle session, TextWriter output, CancellationToken leaving)
    {
        var watch = new PlainWatch(session, output);
        await output.WriteLineAsync($"-- session {session.Id}");
        await foreach (var sessionEvent in session.Events.WithCancellation(leaving))
        {
            watch._store.Apply(sessionEvent);
            watch.ShowCourse(sessionEvent);
            await output.FlushAsync(leaving);
        }

        return watch._status == SessionStatus.Completed ? 0 : 1;
    }

    // An agent may have its say interrupted and begin anew: it is written when nothing more can come.
    private void Show(SessionMessage message)
    {
        var isWhole = message.Kind == MessageKind.Agent ? !message.IsOpen : message.Text.Length > 0;
        if (!isWhole || !_told.Add(message.Index)) return;
        var name = message.Kind == MessageKind.User ? "you" : message.NodeId ?? message.AgentId ?? "?";
        foreach (var line in SafeText.Of(message.Text).Split('\n')) _output.WriteLine($"[{name}] {line}");
        if (message.Kind == MessageKind.Prompt) _output.WriteLine($"-- {name} waits for an answer: watch answer {_session.Id} \"...\"");
        if (message.Error is { } error) _output.WriteLine($"-- {name} broke off: {SafeText.Of(error)}");
    }

    private void ShowCourse(SessionEvent sessionEvent)
    {
        switch (sessionEvent)
        {
            case SessionEvent<ExecutionPaused> { Data: { HeldInput: null } data }:
                _status = SessionStatus.Paused;
                _output.WriteLine($"-- paused at #{sessionEvent.Seq}: {data.Reason}");
                break;
            case SessionEvent<NodeStateChange> { Data.Status: NodeStatus.Running } when _status == SessionStatus.Paused:
                _status = SessionStatus.Running;
                _output.WriteLine($"-- goes on at #{sessionEvent.Seq}");
                break;
            case SessionEvent<ExecutionError> { Data: var data }:
                _output.WriteLine($"-- error {data.Code}: {SafeText.Of(data.Error)}");
                break;
            case SessionEvent<ExecutionCompleted> { Data: var data }:
                _status = data.Status;
                _output.WriteLine($"-- {data.Status} at #{sessionEvent.Seq}, {Figures.Of(data.Totals)}");
                break;
        }
    }
}

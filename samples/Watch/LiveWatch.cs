using System.Threading.Channels;
using Gateway.Client;
using Gateway.Client.Stores;
using Gateway.Contracts;
using Spectre.Console;

namespace Watch;

/// <summary>A session on a terminal: its events come in, keys go out, and one loop draws.</summary>
internal sealed class LiveWatch
{
    // As often as the eye can follow; what comes in between is drawn together.
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(50);

    private readonly GatewayClient _client;
    private readonly SessionHandle _session;
    private readonly IAnsiConsole _console;
    private readonly SessionView _view = new();
    private readonly Screen _screen;
    private readonly Keyboard _keyboard;

    // A full channel holds the reader up, and the client beneath it asks the gateway for the rest later.
    private readonly Channel<SessionEvent> _events = Channel.CreateBounded<SessionEvent>(1024);

    public LiveWatch(GatewayClient client, SessionHandle session, IAnsiConsole console)
    {
        (_client, _session, _console) = (client, session, console);
        _screen = new Screen(session.Id, _view, TimeProvider.System);
        _keyboard = new Keyboard(session, _screen);
    }

    /// <summary>Shows the session until it ends or somebody leaves; returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken leaving)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(leaving);
        var reading = ReadAsync(end.Token);
        try
        {
            await _console.Live(_screen).Overflow(VerticalOverflow.Crop).StartAsync(live => DrawAsync(live, end.Token));
        }
        finally
        {
            await end.CancelAsync();
        }

        await reading;
        _console.WriteLine();
        if (!_view.Run.IsOver)
        {
            _console.WriteLine($"The session goes on; come back with: watch attach {_session.Id}");
            return 0;
        }

        _console.WriteLine($"{_view.Status} at #{_view.LastSeq}, {Figures.Of(_view.Totals)}");
        if (_view.Run.Error is { } error) _console.WriteLine(SafeText.Of(error));
        return _view.Status == SessionStatus.Completed ? 0 : 1;
    }

    private async Task DrawAsync(LiveDisplayContext live, CancellationToken leaving)
    {
        using var frames = new PeriodicTimer(Frame);
        do
        {
            while (_events.Reader.TryRead(out var sessionEvent)) _view.Apply(sessionEvent);
            _keyboard.Read();
            _screen.Connection = _client.ConnectionState;
            _screen.Keys = _keyboard.Keys;
            live.Refresh();
            if (_keyboard.HasLeft || leaving.IsCancellationRequested || _events.Reader.Completion.IsCompleted) return;
        }
        while (await frames.WaitForNextTickAsync(CancellationToken.None));
    }

    private async Task ReadAsync(CancellationToken leaving)
    {
        try
        {
            await foreach (var sessionEvent in _session.Events.WithCancellation(leaving)) await _events.Writer.WriteAsync(sessionEvent, leaving);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // Somebody left.
        }
        finally
        {
            // Whoever draws stops when it has shown all that came, and this task tells what went wrong.
            _events.Writer.TryComplete();
        }
    }
}

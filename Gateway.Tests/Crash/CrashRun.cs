using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Crash.Child;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The reference session through several lives of a gateway, watched by two clients and checked after each life.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private readonly GatewayLives _lives = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Recording _hubSeen = new("the client of the hub");
    private readonly RawClient _raw;
    private readonly CallCheck _calls = new();
    private IReadOnlyList<string> _logged = [];
    private CrashPoint? _point;
    private int _seen;

    private CrashRun() => _raw = new RawClient(_lives, ReferenceSession.Id, KillWhenSeen);

    /// <summary>One life is killed at each of the points; the life after the last of them must end the session.</summary>
    public static async Task RunAsync(params IReadOnlyList<CrashPoint> points)
    {
        await using var run = new CrashRun();
        await run.RunAllAsync(points);
    }

    public ValueTask DisposeAsync() => _lives.DisposeAsync();

    private async Task RunAllAsync(IReadOnlyList<CrashPoint> points)
    {
        var watching = WatchAsync();
        foreach (var point in points)
        {
            var process = Start(point);
            if (process.Life == 1) await Wait.For(Task.WhenAny(_raw.Connected, process.Exited, watching), "the client on /ws");
            process.Go();
            await Wait.For(Task.WhenAny(process.Exited, watching), $"the death of life {process.Life} at {point}");
            if (watching.IsCompleted)
            {
                await watching;
                Assert.Fail($"The session ended before it reached {point}.");
            }

            Assert.True(process.WasKilled, $"Life {process.Life} ended by itself before {point}: {process.Words}");
            await CheckLifeAsync(process.Life);
        }

        var last = Start(null);
        last.Go();
        await Wait.For(Task.WhenAny(watching, last.Exited), $"the end of the session in life {last.Life}, after event {_hubSeen.LastSeq} on the hub and {_raw.Seen.LastSeq} on /ws");
        Assert.False(last.Exited.IsCompleted, $"Life {last.Life} ended by itself: {last.Words}");
        await watching;
        last.Kill();
        await Wait.For(last.Exited, "the end of the last life");
        await CheckLifeAsync(last.Life);
        await CheckEndAsync();
    }

    private GatewayProcess Start(CrashPoint? point)
    {
        _point = point;
        _seen = 0;
        return _lives.Start(point);
    }

    private void KillWhenSeen(SessionEvent sessionEvent)
    {
        if (_point is { Moment: CrashMoment.Seen } point && CrashKind.Of(sessionEvent) == point.Kind && ++_seen == point.Occurrence) _lives.Current!.Kill();
    }

    private async Task WatchAsync()
    {
        await using var hub = await HubClients.ConnectAsync(_lives);
        var director = new Director(hub, ReferenceSession.Id);
        List<Task> tasks = [ReadHubAsync(hub, director), director.RunAsync(), RunRawAsync()];
        while (tasks.Count > 0)
        {
            // The first failure is what there is to tell; the others may then wait for ever.
            var done = await Task.WhenAny(tasks);
            tasks.Remove(done);
            await done;
        }
    }

    private async Task ReadHubAsync(GatewayClient hub, Director director)
    {
        await foreach (var sessionEvent in hub.StartAndReadAsync(ReferenceSession.Command))
        {
            _hubSeen.Add(sessionEvent, Recording.FrameOf(sessionEvent));
            _begun.TrySetResult();
            director.OnEvent(sessionEvent);
        }
    }

    private async Task RunRawAsync()
    {
        await _begun.Task;
        await _raw.RunAsync();
    }

    private async Task CheckLifeAsync(int life)
    {
        using var copy = new LogCopy(_lives.Folder);
        var events = await copy.ReadAsync(ReferenceSession.Id);
        var frames = LogCopy.Frames(events);
        Assert.Equal(_logged, frames.Take(_logged.Count));
        foreach (var recording in new[] { _raw.Seen, _hubSeen })
        {
            var seen = recording.Frames;
            Assert.True(seen.Count <= frames.Count, $"In life {life} {recording.Client} saw event {seen.Count}; the log ends at {frames.Count}.");
            Assert.Equal(frames.Take(seen.Count), seen);
        }

        _calls.CheckLife(life, ReferenceSession.Id, ReferenceSession.Agents.Select(agent => agent.Node), events, CallLedger.Read(_lives.LedgerFile));
        _logged = frames;
    }

    private async Task CheckEndAsync()
    {
        Assert.Equal(_logged, _raw.Seen.Frames);
        Assert.Equal(_logged, _hubSeen.Frames);

        using var copy = new LogCopy(_lives.Folder);
        var end = (await copy.FoldAsync(ReferenceSession.Id)).ToSnapshot();
        Assert.Equal(SessionStatus.Completed, end.Status);
        Assert.Single(_hubSeen.Events.OfType<SessionEvent<ExecutionCompleted>>());
        Assert.Equal(ReferenceSession.Answer, end.Nodes[ReferenceSession.Review].Text);
        foreach (var agent in ReferenceSession.Agents)
        {
            var node = end.Nodes[agent.Node];
            Assert.Equal(agent.Fails ? NodeStatus.Failed : NodeStatus.Completed, node.Status);
            Assert.Equal(agent.Text, node.Text);
            if (!agent.Fails) Assert.Equal(agent.Thought, node.Thinking);
        }

        // What users say is said once, however often the command had to be given.
        Assert.Single(_hubSeen.Events, sessionEvent => CrashKind.Of(sessionEvent) == CrashKind.Answer);
        Assert.Equal(end.Totals, ((SessionEvent<ExecutionCompleted>)_hubSeen.Events[^1]).Data.Totals);
        Assert.Equal(_hubSeen.Events.OfType<SessionEvent<TokenUsage>>().Sum(usage => usage.Data.OutputTokens), end.Totals.OutputTokens);
        Assert.True(end.Totals.OutputTokens >= ReferenceSession.Agents.Sum(agent => agent.Tokens));
    }
}

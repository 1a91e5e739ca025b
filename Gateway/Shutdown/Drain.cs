using Gateway.Admission;
using Gateway.Delivery;
using Gateway.Engine;
using Gateway.Lifetime;
using Microsoft.Extensions.Options;

namespace Gateway.Shutdown;

/// <summary>Shuts the gateway down so that nobody misses anything: sessions pause in their logs, clients see it, then they are let go.</summary>
internal sealed partial class Drain(
    DrainState state,
    LocalSessionHost sessions,
    ConnectionRegistry connections,
    ConnectionLimiter limiter,
    IOptions<ShutdownOptions> options,
    TimeProvider time,
    ILogger<Drain> logger)
{
    private readonly Lock _gate = new();
    private readonly ShutdownOptions _options = options.Value;
    private readonly DrainTimes _times = DrainTimes.Of(options.Value);
    private Task? _run;

    /// <summary>How long it takes at most.</summary>
    public static TimeSpan LongestOf(ShutdownOptions options) => DrainTimes.Of(options).Whole;

    /// <summary>Drains once; every later call waits for the same drain.</summary>
    public Task RunAsync()
    {
        lock (_gate) return _run ??= Task.Run(DrainAsync);
    }

    private async Task DrainAsync()
    {
        var began = time.GetTimestamp();
        state.Begin();
        LogBegun(sessions.LiveSessions, limiter.Count);
        try
        {
            await sessions.StopAsync(_times.Sessions);
        }
        catch (Exception exception)
        {
            // Whatever failed, the clients are still let go in order.
            LogPauseFailed(exception);
        }

        var left = limiter.WhenEmptyAsync();
        await EndConnectionsAsync(_times.WindowAfter(time.GetElapsedTime(began), _options.DrainWindow));
        var answered = state.WhenAnsweredAsync();
        if (!await IsInTimeAsync(left)) LogCut(limiter.Count);
        await IsInTimeAsync(answered);
        foreach (var sender in connections.Snapshot()) sender.Abort();

        // The server would wait for a request that is never finished, for as long as the host lets it.
        state.End();
        LogDone();
    }

    private async Task EndConnectionsAsync(TimeSpan window)
    {
        var senders = connections.Snapshot();
        var pace = DrainPace.For(senders.Count, window);
        var gone = TimeSpan.Zero;
        for (var i = 0; i < senders.Count; i++)
        {
            var turn = pace.TurnOf(i, senders.Count);
            if (turn > gone) await Task.Delay(turn - gone, time);
            gone = turn;
            senders[i].Leave();
        }
    }

    private async Task<bool> IsInTimeAsync(Task left)
    {
        try
        {
            await left.WaitAsync(_times.LastWords, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

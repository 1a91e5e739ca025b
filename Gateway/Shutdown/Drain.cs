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
    // After the last batch was told to leave, close handshakes and the ends of backlogs are still on their way; they get this time.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly ShutdownOptions _options = options.Value;
    private Task? _run;

    /// <summary>How long it takes at most.</summary>
    public static TimeSpan LongestOf(ShutdownOptions options) => options.ShutdownTimeout + options.DrainWindow + LastWords;

    /// <summary>Drains once; every later call waits for the same drain.</summary>
    public Task RunAsync()
    {
        lock (_gate) return _run ??= Task.Run(DrainAsync);
    }

    private async Task DrainAsync()
    {
        state.Begin();
        LogBegun(sessions.LiveSessions, limiter.Count);
        try
        {
            await sessions.StopAsync(_options.ShutdownTimeout);
        }
        catch (Exception exception)
        {
            // Whatever failed, the clients are still let go in order.
            LogPauseFailed(exception);
        }

        var left = limiter.WhenEmptyAsync();
        await EndConnectionsAsync();
        if (!await IsInTimeAsync(left)) LogCut(limiter.Count);
        foreach (var sender in connections.Snapshot()) sender.Abort();
        LogDone();
    }

    private async Task EndConnectionsAsync()
    {
        var senders = connections.Snapshot();
        var pace = DrainPace.For(senders.Count, _options.DrainWindow);
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
            await left.WaitAsync(LastWords, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Observers;

/// <summary>Takes one follower, such as an observer, through the log: session by session, moment by moment, from where its cursor stands.</summary>
/// <remarks>
/// What sessions tell is only a hint that there is something to read. So nothing has to be kept for an observer that is slow
/// or fails: it reads on where it was. Sessions that are more than are kept in mind are looked for in the store later.
/// </remarks>
internal sealed partial class ObserverRun : IAsyncDisposable
{
    /// <summary>How many sessions are kept in mind.</summary>
    internal const int MostKnown = 10_000;

    private const int ScanPage = 200;
    private static readonly ReadLimit Page = new(1000, 1024 * 1024);

    private readonly string _name;
    private readonly Follower _follower;
    private readonly ISessionLog _log;
    private readonly ILogCursors _cursors;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _work = new(0);

    // Guards what follows.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);
    private readonly Queue<Turn> _ready = [];

    // Whether sessions may be behind that are not kept in mind, and where the search for them stands; null when there is none.
    private bool _isBehind = true;
    private long? _scan;
    private bool _scanning;
    private int _scanFailures;
    private bool _isKnown;
    private Task _workers = Task.CompletedTask;

    /// <summary>A run that begins with <see cref="StartAsync"/>.</summary>
    public ObserverRun(Follower follower, ISessionLog log, ILogCursors cursors, TimeProvider time, ILogger<ObserverRun> logger)
    {
        (_name, _follower, _log, _cursors, _time, _logger) = (follower.Name, follower, log, cursors, time, logger);
    }

    /// <summary>A run of code of the host.</summary>
    public ObserverRun(string name, Func<SessionMoment, CancellationToken, Task> observe, ISessionLog log, ILogCursors cursors, TimeProvider time, ILogger<ObserverRun> logger)
        : this(new Follower(name, (entry, logged, cancellationToken) => ObserveAsync(observe, entry, logged, cancellationToken)), log, cursors, time, logger)
    {
    }

    /// <summary>How many sessions are behind, as far as they are kept in mind.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _turns.Count;
        }
    }

    /// <summary>Makes the observer known to the store, and begins.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _cursors.FollowAsync(_name, cancellationToken);
            _isKnown = true;
        }
        catch (StorageException)
        {
            // Whoever looks for sessions tries it again, and says so.
        }

        _workers = Task.WhenAll(Enumerable.Range(0, _follower.AtOnce).Select(_ => Task.Run(WorkAsync, CancellationToken.None)));
        _work.Release();
    }

    /// <summary>Ends; returns once no observer runs any more.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        lock (_gate)
        {
            foreach (var turn in _turns.Values) turn.Timer?.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>There is something new in a session.</summary>
    public void Note(string sessionId)
    {
        lock (_gate)
        {
            if (_turns.TryGetValue(sessionId, out var known)) known.IsStale = true;
            else if (_turns.Count >= MostKnown) _isBehind = true;
            else AddLocked(sessionId);
        }
    }

    private void AddLocked(string sessionId)
    {
        var turn = new Turn(sessionId);
        _turns.Add(sessionId, turn);
        MakeReadyLocked(turn);
    }

    private void MakeReadyLocked(Turn turn)
    {
        _ready.Enqueue(turn);
        _work.Release();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(_stop.Token);
                if (Take() is { } turn) await ReadAsync(turn);
                else if (BeginScan()) await ScanAsync();
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // What is left, or was broken off, is told after the next start.
        }
    }

    private Turn? Take()
    {
        lock (_gate)
        {
            if (!_ready.TryDequeue(out var turn)) return null;
            turn.IsStale = false;
            return turn;
        }
    }

    // One at a time, and only while there is room in mind for what it finds.
    private bool BeginScan()
    {
        lock (_gate)
        {
            if (_scanning || _turns.Count > MostKnown - ScanPage || (_scan is null && !_isBehind)) return false;
            if (_scan is null) _isBehind = false;
            _scan ??= 0;
            return _scanning = true;
        }
    }

    private async Task ScanAsync()
    {
        IReadOnlyList<BehindSession> behind = [];
        TimeSpan? wait = null;
        try
        {
            if (!_isKnown) await _cursors.FollowAsync(_name, _stop.Token);
            _isKnown = true;
            behind = await _cursors.ListBehindAsync(_name, _scan!.Value, ScanPage, _stop.Token);
            _scanFailures = 0;
        }
        catch (StorageException exception)
        {
            wait = Backoff.After(++_scanFailures);
            LogLogFailed(_name, wait.Value, exception.Message);
        }

        if (wait is { } failed) await Task.Delay(failed, _time, _stop.Token);
        lock (_gate)
        {
            foreach (var session in behind)
            {
                if (_turns.TryGetValue(session.SessionId, out var known)) known.IsStale = true;
                else AddLocked(session.SessionId);
            }

            if (wait is null) _scan = behind.Count == 0 ? null : behind[^1].Number;
            _scanning = false;
            if (_scan is not null || _isBehind) _work.Release();
        }
    }

    private async Task ReadAsync(Turn turn)
    {
        TimeSpan? wait = null;
        try
        {
            await ReadOnAsync(turn);
            turn.Failures = 0;
        }
        catch (DamagedLogException exception)
        {
            LogDamaged(_name, turn.SessionId, exception.Message);
        }
        catch (StorageException exception)
        {
            wait = Backoff.After(++turn.Failures);
            LogLogFailed(_name, wait.Value, exception.Message);
        }
        catch (TellAgainException again)
        {
            wait = again.Wait;
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            wait = Backoff.After(++turn.Failures);
            LogFailed(exception, _name, turn.SessionId, turn.Seq, turn.Failures, wait.Value);
        }

        lock (_gate)
        {
            if (wait is { } pause)
            {
                turn.Timer?.Dispose();
                turn.Timer = _time.CreateTimer(_ => Again(turn), null, pause, Timeout.InfiniteTimeSpan);
            }
            else if (turn.IsStale)
            {
                MakeReadyLocked(turn);
            }
            else
            {
                turn.Timer?.Dispose();
                _turns.Remove(turn.SessionId);
                if (_scan is not null || _isBehind) _work.Release();
            }
        }
    }

    private void Again(Turn turn)
    {
        lock (_gate) MakeReadyLocked(turn);
    }

    private async Task ReadOnAsync(Turn turn)
    {
        if (await _log.FindAsync(turn.SessionId, _stop.Token) is not { } entry || await _cursors.FindCursorAsync(_name, turn.SessionId, _stop.Token) is not { } seq) return;
        try
        {
            while (await _log.ReadAsync(turn.SessionId, seq, Page, _stop.Token) is { Count: > 0 } page)
            {
                foreach (var logged in page)
                {
                    turn.Seq = seq = logged.Seq;
                    if (!await _follower.TellAsync(entry, logged, _stop.Token)) continue;

                    // Also when the gateway stops at this moment: otherwise it is told once more at the next start.
                    await _cursors.MoveCursorAsync(_name, turn.SessionId, seq, CancellationToken.None);
                    turn.Failures = 0;
                }
            }
        }
        catch (DamagedLogException) when (SessionStatus.IsFinal(entry.Status))
        {
            // Behind the damage stands its end, which is whole.
            if (seq < entry.LastSeq - 1 && await _log.ReadAsync(turn.SessionId, entry.LastSeq - 1, 1, _stop.Token) is [var last])
            {
                turn.Seq = last.Seq;
                await _follower.TellAsync(entry, last, _stop.Token);
            }

            await _cursors.MoveCursorAsync(_name, turn.SessionId, entry.LastSeq, _stop.Token);
            throw;
        }
    }

    private static async Task<bool> ObserveAsync(Func<SessionMoment, CancellationToken, Task> observe, SessionEntry entry, LoggedEvent logged, CancellationToken cancellationToken)
    {
        if (Moments.Of(entry.Header, logged) is not { } moment) return false;
        await observe(moment, cancellationToken);
        return true;
    }

    /// <summary>A session that the observer is to be told of; known until it has been.</summary>
    private sealed class Turn(string sessionId)
    {
        public string SessionId => sessionId;

        /// <summary>Whether something has been added since it was taken.</summary>
        public bool IsStale { get; set; }

        public int Failures { get; set; }

        /// <summary>The event that was told last.</summary>
        public long Seq { get; set; }

        public ITimer? Timer { get; set; }
    }
}

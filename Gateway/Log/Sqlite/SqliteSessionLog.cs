using System.Collections.Concurrent;
using Gateway.Contracts;
using Gateway.Log.Sqlite.Connections;
using Gateway.Log.Sqlite.Operations;

namespace Gateway.Log.Sqlite;

/// <summary>Keeps all logs in one SQLite file: one writer with group commit, readers beside it.</summary>
internal sealed partial class SqliteSessionLog : ILogStore, IAsyncDisposable, IDisposable
{
    // How often the name of the file is looked at, and what a busy moment has left undone is tried again.
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    // How often, at most, a commit looks whether the write-ahead log has begun anew.
    private static readonly TimeSpan NoteInterval = TimeSpan.FromMilliseconds(10);

    // Events that one step of compaction reads and rewrites.
    private const int CompactionStep = 256;

    private readonly ILogger<SqliteSessionLog> _logger;
    private readonly SqliteWriter _writer;
    private readonly ReaderPool _readers;
    private readonly string _path;
    private readonly LogFileLock? _held;
    private readonly LogFileState _file;
    private readonly DiskReserve _disk;
    private readonly ITimer _watch;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(string SessionId, string PromptId), bool> _unreadable = [];
    private readonly Lock _looking = new();
    private long _noted;
    private volatile string? _lastError;
    private volatile bool _proven;

    // What has happened to the file under the open log; null while it is there.
    private volatile string? _lost;
    private volatile bool _closed;

    // The last bound that retention has found; null after a deletion by hand, which may have made room for one more.
    private volatile KeepBound? _bound;

    /// <summary>Opens the file; creates it when it is missing, and brings it to the newest schema.</summary>
    /// <param name="options">Which file, and how.</param>
    /// <param name="logger">Is told when the file does not work, and when it does again.</param>
    /// <param name="held">Released once the file is closed.</param>
    /// <param name="time">When the file is looked at.</param>
    /// <param name="traffic">Counts what is committed.</param>
    /// <exception cref="StorageException">The file cannot be used; the sentence names it and says why.</exception>
    public SqliteSessionLog(SqliteLogOptions options, ILogger<SqliteSessionLog> logger, LogFileLock? held = null, TimeProvider? time = null, LogTraffic? traffic = null)
    {
        _path = options.Path;
        _held = held;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _noted = _time.GetTimestamp();
        _file = new LogFileState(options.Path, held);
        _disk = new DiskReserve(options.Path, options.ReserveBytes);
        if (_file.LookBeforeOpening(out var isHint) is { } found) LogFound(isHint ? LogLevel.Information : LogLevel.Warning, found);
        var database = new SqliteDatabase(options) { UnreadablePrompt = OnUnreadablePrompt };
        database.Prepare();
        _readers = new ReaderPool(database, options.MaxReaders);
        try
        {
            _writer = new SqliteWriter(database, options.Durability == LogDurability.Process, options.MaxPendingWrites, Report, logger, traffic);
        }
        catch (Exception exception)
        {
            throw SqliteErrors.ToStorage(exception, options.Path);
        }

        _writer.PromptsChanged = () => PromptsChanged?.Invoke();
        _file.Opened();
        if (!database.IsPrivate) LogNotPrivate(options.Path);
        LogOpened(options.Path, options.Durability);
        _watch = _time.CreateTimer(static log => ((SqliteSessionLog)log!).Watch(), this, WatchInterval, WatchInterval);
    }

    /// <inheritdoc/>
    /// <remarks>Whoever asks for the health of the gateway reads it, so it has no folder in it.</remarks>
    public string? LastError => (_lost ?? _lastError) is { } error ? Hide(error) : null;

    /// <inheritdoc/>
    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) =>
        _lost is null && Look() && _disk.FindShortage() is { } shortage
            ? Task.FromException<SessionHeader?>(shortage)
            : WriteAsync(new CreateOperation(header, HeaderJson.Encode(header)), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<LoggedEvent> events, SessionStanding standing, CancellationToken cancellationToken)
    {
        AppendCheck.RequireConsecutive(lastSeq, events);

        // Encoded here, on the caller's thread, as everybody shares the writer's. The feed sends the same bytes.
        var frames = new byte[events.Count][];
        for (var i = 0; i < frames.Length; i++) frames[i] = events[i].Json;
        return WriteAsync(new AppendOperation(sessionId, lastSeq, frames, standing, events[^1].Event.Timestamp), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.Read(sessionId, afterSeq, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.Find(sessionId), cancellationToken);

    /// <inheritdoc/>
    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        var before = SessionCursor.Read(query.Cursor);
        return _readers.ReadAsync(reader => reader.List(query, before), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.ListUnfinished(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListDueAsync(DateTime until, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.ListDue(until), cancellationToken);

    /// <inheritdoc/>
    public Task<DateTime?> FindNextDueAsync(DateTime after, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.FindNextDue(after), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken) =>
        WriteAsync(new MendOperation(sessionId, status), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken)
    {
        var deleted = await WriteAsync(new DeleteOperation(sessionId), cancellationToken);
        _bound = null;
        return deleted;
    }

    /// <inheritdoc/>
    /// <remarks>What is to go is looked for beside the writer: appends wait only for the deletion of a few.</remarks>
    public async Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken)
    {
        var doomed = new HashSet<DoomedSession>();
        if (olderThan is { } time) doomed.UnionWith(await _readers.ReadAsync(reader => reader.FindTooOld(time, limit), cancellationToken));
        if (keepNewest is { } keep) doomed.UnionWith(await FindTooManyAsync(keep, limit, cancellationToken));
        return doomed.Count == 0 ? [] : await WriteAsync(new DeleteFinishedOperation(doomed), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> CompactAsync(int limit, CancellationToken cancellationToken)
    {
        var count = 0;
        while (count < limit && await _readers.ReadAsync(reader => reader.FindUncompacted(), cancellationToken) is { } session)
        {
            await CompactAsync(session.Number, session.SessionId, cancellationToken);
            count++;
        }

        return count;
    }

    /// <inheritdoc/>
    public async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        if (!Look()) return false;

        // Probed once after the start too, so that a locked or full file is noticed before a session needs it.
        if (_proven && _lastError is null) return true;
        try
        {
            return await _writer.WriteAsync(new ProbeOperation(), cancellationToken);
        }
        catch (StorageException)
        {
            // LastError says why.
            return false;
        }
    }

    /// <inheritdoc/>
    public Task FollowAsync(string follower, CancellationToken cancellationToken) => WriteAsync(new FollowOperation(follower), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BehindSession>> ListBehindAsync(string follower, long after, int limit, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.ListBehind(follower, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<long?> FindCursorAsync(string follower, string sessionId, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.FindCursor(follower, sessionId), cancellationToken);

    /// <inheritdoc/>
    public Task MoveCursorAsync(string follower, string sessionId, long seq, CancellationToken cancellationToken) =>
        WriteAsync(new MoveCursorOperation(follower, sessionId, seq), cancellationToken);

    /// <inheritdoc/>
    public Task AddDeadLetterAsync(string follower, DeadLetter letter, int keep, CancellationToken cancellationToken) =>
        WriteAsync(new AddDeadLetterOperation(follower, letter, keep), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string follower, long after, int limit, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.DeadLetters.List(follower, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<DeadLetter?> FindDeadLetterAsync(string follower, string id, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.DeadLetters.Find(follower, id), cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountDeadLettersAsync(string follower, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.DeadLetters.Count(follower), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveDeadLetterAsync(string follower, string id, CancellationToken cancellationToken) =>
        WriteAsync(new RemoveDeadLetterOperation(follower, id), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindHaltAsync(string follower, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.DeadLetters.FindHalt(follower), cancellationToken);

    /// <inheritdoc/>
    public Task HaltAsync(string follower, string? reason, CancellationToken cancellationToken) =>
        WriteAsync(new HaltOperation(follower, reason), cancellationToken);

    /// <inheritdoc/>
    public event Action? PromptsChanged;

    /// <inheritdoc/>
    public Task<LoggedPrompts> ListPromptsAsync(PromptQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.ListPrompts(query), cancellationToken);

    /// <inheritdoc/>
    public Task<LoggedPrompts> ReadPromptChangesAsync(long after, long closedAfter, ReadLimit limit, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => reader.ReadPromptChanges(after, closedAfter, limit), cancellationToken);

    /// <summary>Commits what waits and closes the file; writes after that fail.</summary>
    public async ValueTask DisposeAsync() => await Task.Run(Dispose);

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        _closed = true;
        _watch.Dispose();

        // The writer last: who closes the file alone takes the write-ahead log into it.
        _readers.Dispose();
        _writer.Dispose();
        _file.ClosedInOrder();
        _held?.Dispose();
    }

    // What is below the bound stays too many while sessions only end, so that the kept ones are counted once for many steps.
    private async Task<IReadOnlyList<DoomedSession>> FindTooManyAsync(int keep, int limit, CancellationToken cancellationToken)
    {
        if (_bound is { } known && known.Keep == keep && await _readers.ReadAsync(reader => reader.FindTooMany(known, limit), cancellationToken) is { Count: > 0 } below) return below;
        _bound = await _readers.ReadAsync(reader => reader.FindBound(keep), cancellationToken);
        return _bound is { } bound ? await _readers.ReadAsync(reader => reader.FindTooMany(bound, limit), cancellationToken) : [];
    }

    private Task<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellationToken) =>
        _lost is { } lost ? Task.FromException<TResult>(new StorageException(lost)
        {
            ForClients = "The gateway's session log was moved, deleted or replaced while the gateway runs, so nothing is started or said in it. Ask whoever runs the gateway to put the file back, or to start the gateway again.",
        }) : _writer.WriteAsync(operation, cancellationToken);

    private void Watch()
    {
        if (_closed) return;
        Look(isDeep: true);
        _writer.Tidy();
        if (_disk.NoteChange() is { } isShort)
        {
            if (isShort) LogDiskShort(_path, _disk.Reserve);
            else LogDiskFree(_path);
        }
    }

    /// <summary>Looks whether the file is still the one that is open; from then on nothing is written when it is not.</summary>
    private bool Look(bool isDeep = false)
    {
        lock (_looking)
        {
            if (_closed) return true;
            var before = _lost;
            var lost = (isDeep ? _file.LookInside() : _file.Look()) is { } happened
                ? $"The session log {_path} {happened} while the gateway has it open; what the gateway has written into it is lost when it ends. Nothing more is written: put the file back or leave the new one, and start the gateway again."
                : null;
            _lost = lost;
            if (_file.IsOverwritten) _writer.LeaveLog();
            if (lost is not null && before is null) LogLost(lost);
            else if (lost is null && before is not null) LogWorksAgain();
            return lost is null;
        }
    }

    // At full speed a write-ahead log begins anew several times a second, and must be known should the process be killed.
    private void NoteWal()
    {
        if ((_time.GetElapsedTime(_noted) < NoteInterval && !_file.AwaitsNote) || !_looking.TryEnter()) return;
        try
        {
            _noted = _time.GetTimestamp();
            _file.NoteWal();
        }
        finally
        {
            _looking.Exit();
        }
    }

    private string Hide(string sentence)
    {
        var folder = Path.GetDirectoryName(_path)!;
        var hidden = sentence.Replace(_path, Path.GetFileName(_path), StringComparison.Ordinal);
        return folder.Length > 1 ? hidden.Replace(folder, "its folder", StringComparison.Ordinal) : hidden;
    }

    private async Task CompactAsync(long number, string sessionId, CancellationToken cancellationToken)
    {
        var seq = 0L;
        while (true)
        {
            IReadOnlyList<LoggedEvent> events;
            List<MergedRun> runs;
            try
            {
                events = await ReadAsync(sessionId, seq, CompactionStep, cancellationToken);
                // A short page is the end of the log, or stops in front of damage; in the second case this read throws.
                if (events is [.., var last] && events.Count < CompactionStep) await ReadAsync(sessionId, last.Seq, 1, cancellationToken);
                runs = TokenRun.FindToStore(events);
            }
            catch (DamagedLogException exception)
            {
                // The log stays as it is, for a person to look at. The mark below keeps compaction from trying it again and again.
                LogNotCompacted(sessionId, exception);
                events = [];
                runs = [];
            }

            var isLast = events.Count < CompactionStep;
            var encoded = runs.ConvertAll(run => new EncodedRun(run.From, run.To, EventSerializer.Serialize(run.Event), PartLengths.Encode(run.Lengths)));
            if (encoded.Count > 0 || isLast) await WriteAsync(new MergeOperation(number, encoded, isLast), cancellationToken);
            if (isLast) return;
            seq = events[^1].Seq;
        }
    }

    /// <summary>Called by the writer after each transaction.</summary>
    // Readers come by again and again: it is told once.
    private void OnUnreadablePrompt(string sessionId, string promptId, Exception exception)
    {
        if (_unreadable.TryAdd((sessionId, promptId), true)) LogUnreadablePrompt(sessionId, promptId, exception);
    }

    private void Report(StorageException? failure)
    {
        var before = _lastError;
        _lastError = failure?.Message;
        _proven |= failure is null;
        if (failure is not null && before != failure.Message) LogFailing(failure);
        else if (failure is null && before is not null) LogWorksAgain();
        if (failure is null) NoteWal();
    }
}

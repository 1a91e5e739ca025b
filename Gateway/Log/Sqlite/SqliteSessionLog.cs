using Gateway.Contracts;
using Gateway.Log.Sqlite.Connections;
using Gateway.Log.Sqlite.Operations;

namespace Gateway.Log.Sqlite;

/// <summary>Keeps all logs in one SQLite file: one writer with group commit, readers beside it.</summary>
internal sealed partial class SqliteSessionLog : ILogStore, IAsyncDisposable, IDisposable
{
    // Events that one step of compaction reads and rewrites.
    private const int CompactionStep = 256;

    private readonly ILogger<SqliteSessionLog> _logger;
    private readonly SqliteWriter _writer;
    private readonly ReaderPool _readers;
    private readonly string _path;
    private readonly IDisposable? _held;
    private volatile string? _lastError;
    private volatile bool _proven;
    private volatile bool _gone;

    /// <summary>Opens the file; creates it when it is missing, and brings it to the newest schema.</summary>
    /// <param name="options">Which file, and how.</param>
    /// <param name="logger">Is told when the file does not work, and when it does again.</param>
    /// <param name="held">Released once the file is closed.</param>
    /// <exception cref="StorageException">The file cannot be used; the sentence names it and says why.</exception>
    public SqliteSessionLog(SqliteLogOptions options, ILogger<SqliteSessionLog> logger, IDisposable? held = null)
    {
        _path = options.Path;
        _held = held;
        _logger = logger;
        var database = new SqliteDatabase(options);
        database.Prepare();
        _readers = new ReaderPool(database, options.MaxReaders);
        try
        {
            _writer = new SqliteWriter(database, options.Durability == LogDurability.Process, options.MaxPendingWrites, Report, logger);
        }
        catch (Exception exception)
        {
            throw SqliteErrors.ToStorage(exception, options.Path);
        }

        LogOpened(options.Path, options.Durability);
    }

    /// <inheritdoc/>
    public string? LastError => _gone
        ? $"The session log {_path} has been deleted or moved while the gateway has it open; what is written now is lost when this process ends. Put it back and start the gateway again."
        : _lastError;

    /// <inheritdoc/>
    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) =>
        _writer.WriteAsync(new CreateOperation(header, HeaderJson.Encode(header)), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<LoggedEvent> events, string status, CancellationToken cancellationToken)
    {
        AppendCheck.RequireConsecutive(lastSeq, events);

        // Encoded here, on the caller's thread, as everybody shares the writer's. The feed sends the same bytes.
        var frames = new byte[events.Count][];
        for (var i = 0; i < frames.Length; i++) frames[i] = events[i].Json;
        return _writer.WriteAsync(new AppendOperation(sessionId, lastSeq, frames, status, events[^1].Event.Timestamp), cancellationToken);
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
    public Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken) =>
        _writer.WriteAsync(new MendOperation(sessionId, status), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken) =>
        _writer.WriteAsync(new DeleteOperation(sessionId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken) =>
        _writer.WriteAsync(new DeleteFinishedOperation(olderThan, keepNewest, limit), cancellationToken);

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
        if (!File.Exists(_path))
        {
            if (!_gone) LogGone(_path);
            _gone = true;
            return false;
        }

        // Probed once after the start too, so that a locked or full file is noticed before a session needs it.
        _gone = false;
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

    /// <summary>Commits what waits and closes the file; writes after that fail.</summary>
    public async ValueTask DisposeAsync() => await Task.Run(Dispose);

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        _writer.Dispose();
        _readers.Dispose();
        _held?.Dispose();
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
            if (encoded.Count > 0 || isLast) await _writer.WriteAsync(new MergeOperation(number, encoded, isLast), cancellationToken);
            if (isLast) return;
            seq = events[^1].Seq;
        }
    }

    /// <summary>Called by the writer after each transaction.</summary>
    private void Report(StorageException? failure)
    {
        var before = _lastError;
        _lastError = failure?.Message;
        _proven |= failure is null;
        if (failure is not null && before != failure.Message) LogFailing(failure);
        else if (failure is null && before is not null) LogWorksAgain();
    }
}

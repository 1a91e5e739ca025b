using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Gateway.Log.Sqlite.Connections;
using Gateway.Log.Sqlite.Operations;
using Gateway.Threading;
using Microsoft.Data.Sqlite;

namespace Gateway.Log.Sqlite;

/// <summary>The one writer: a lone write is committed where it is made, writes that come together as one transaction.</summary>
/// <remarks>
/// Where thousands come in a second, the first of a group waits a millisecond for the others (<see cref="CommitWindow"/>); otherwise
/// group commit has no timer. While the thread pool has nothing else to do, a write is committed at once, on its
/// caller's thread. Otherwise it waits for its turn behind the work that waits already, and shares a transaction with
/// what that work writes. Writes made meanwhile, and whatever may have to wait itself (for the disk with
/// <see cref="LogDurability.Power"/>, for a lock of another program, for the file to be opened) go to a thread of its
/// own, all that have gathered in one transaction.
/// Each succeeds or fails on its own: when a shared transaction fails, each write gets its own.
/// After an I/O failure the connection is opened anew with the next write, so the writer heals with its cause.
/// </remarks>
internal sealed partial class SqliteWriter : IThreadPoolWorkItem, IDisposable
{
    // Work that arrived together passes a few queues on its way here; this many turns let all of it arrive.
    private const int MaxTurns = 4;
    private static readonly TimeSpan LongLogPatience = TimeSpan.FromMilliseconds(200);

    private readonly SqliteDatabase _database;
    private readonly Action<StorageException?> _report;
    private readonly ILogger _logger;
    private readonly LogTraffic? _traffic;
    private readonly WriteQueue _queue;
    private readonly Thread _thread;
    private readonly bool _usesPool;
    private readonly CommitWindow _window = new();

    // Ends the wait of appends for each other; the machine's clock, whatever clock the gateway has.
    private readonly ITimer _windowEnd;

    // Guards the connection and what follows.
    private readonly Lock _gate = new();
    private WriterConnection? _connection;
    private bool _mayHaveLeftovers;
    private bool _isPurgeGivenUp;

    // Deleted text may be left in the write-ahead log, which a reader has kept from being emptied.
    private volatile bool _mayHoldDeleted;
    private volatile bool _isTidyWanted;

    // Below this length the write-ahead log is not too long, because waiting for its readers was in vain before.
    private long _longAt;
    private volatile bool _leavesLog;

    // Set while the writer's thread waits for the lock. The pool's threads then do not try to take it; otherwise they could starve the thread.
    private volatile bool _threadIsNext;

    // 1 while this writer waits in the queue of the thread pool, else 0.
    private int _queued;
    private PoolTurns _turns = new(isLast: false);

    /// <summary>Opens the connection and starts the thread.</summary>
    /// <param name="database">The file.</param>
    /// <param name="usesPool">Whether the pool's threads may commit: a commit does not wait for the disk.</param>
    /// <param name="maxPending">Writes that may wait.</param>
    /// <param name="report">Told how each transaction ended, one at a time: null for a commit.</param>
    /// <param name="logger">Learns what no caller does.</param>
    /// <param name="traffic">Counts what is committed.</param>
    public SqliteWriter(SqliteDatabase database, bool usesPool, int maxPending, Action<StorageException?> report, ILogger logger, LogTraffic? traffic = null)
    {
        _database = database;
        _usesPool = usesPool;
        _report = report;
        _logger = logger;
        _traffic = traffic;
        _queue = new WriteQueue(maxPending);
        _windowEnd = TimeProvider.System.CreateTimer(static self => ((SqliteWriter)self!).CommitWaiting(hasWaited: true), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Open();
        _thread = new Thread(Run) { IsBackground = true, Name = "session log writer" };
        _thread.Start();
    }

    /// <summary>Called when a transaction that has changed any prompt is committed; returns at once.</summary>
    public Action? PromptsChanged { get; set; }

    /// <summary>Writes, and returns once that is committed.</summary>
    public Task<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellationToken)
    {
        var isDone = _usesPool && operation.IsShort && !_window.IsOpen(Stopwatch.GetTimestamp()) && !cancellationToken.IsCancellationRequested && TryWriteInPlace(operation);
        return isDone ? operation.Done : QueueAsync(operation, cancellationToken);
    }

    /// <summary>Empties the write-ahead log where readers were in the way: of deleted text, or when it has become long.</summary>
    public void Tidy()
    {
        if (!_mayHoldDeleted && !IsLogLong) return;
        _isTidyWanted = true;
        _queue.Wake();
    }

    /// <summary>From now on the file is not written, not even at its closing: what has not reached it stays in the write-ahead log.</summary>
    public void LeaveLog()
    {
        if (_leavesLog) return;
        _leavesLog = true;
        lock (_gate) _connection?.LeaveLog();
    }

    /// <summary>Commits what waits, then ends the thread and closes the connection.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        _windowEnd.Dispose();
    }

    private Task<TResult> QueueAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !_queue.TryAdd(operation)) return QueueLaterAsync(operation, cancellationToken);
        Call(operation);
        return cancellationToken.CanBeCanceled ? operation.Done.WaitAsync(cancellationToken) : operation.Done;
    }

    private async Task<TResult> QueueLaterAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellationToken)
    {
        await _queue.AddAsync(operation, cancellationToken);
        Call(operation);
        return await (cancellationToken.CanBeCanceled ? operation.Done.WaitAsync(cancellationToken) : operation.Done);
    }

    private void Call(WriteOperation operation)
    {
        if (!_usesPool || !operation.IsShort) _queue.Wake();
        else if (Interlocked.Exchange(ref _queued, 1) != 0) return;
        else if (_window.IsOpen(Stopwatch.GetTimestamp())) _windowEnd.Change(CommitWindow.Length, Timeout.InfiniteTimeSpan);
        else _turns.Queue(this);
    }

    /// <summary>Commits what waits, on a thread of the pool, once the work that waits there has had its turn.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (!_turns.TryGive(this, MaxTurns)) CommitWaiting(hasWaited: false);
    }

    private void CommitWaiting(bool hasWaited)
    {
        Volatile.Write(ref _queued, 0);
        if (!TryEnter(out var connection))
        {
            _queue.Wake();
            return;
        }

        try
        {
            var group = new List<WriteOperation>();
            _queue.Take(group, wait: false);
            Commit(group, connection);
            _window.Committed(group.Count, hasWaited, Stopwatch.GetTimestamp());
            if (_mayHaveLeftovers) _queue.Wake();
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Makes one write on the caller's thread; false when it is to wait for its turn.</summary>
    private bool TryWriteInPlace(WriteOperation operation)
    {
        if (PoolTurns.OthersWait || !_queue.IsEmpty || !TryEnter(out var connection)) return false;
        try
        {
            if (Finish(connection, [operation]) is { } failure) Fail(operation, failure);
            _window.Committed(1, hasWaited: false, Stopwatch.GetTimestamp());
            return true;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Takes the lock and begins a transaction, unless that means to wait; then it is the thread's.</summary>
    private bool TryEnter([NotNullWhen(true)] out WriterConnection? connection)
    {
        connection = null;
        if (_threadIsNext || !_gate.TryEnter()) return false;
        if (_connection is { } open && TryBegin(open))
        {
            connection = open;
            return true;
        }

        _gate.Exit();
        return false;
    }

    private bool TryBegin(WriterConnection connection)
    {
        // Leftovers of deleted sessions are removed between the writes that the thread makes.
        if (_mayHaveLeftovers || (connection.MayHaveLeftovers && !_isPurgeGivenUp)) return false;
        try
        {
            return connection.TryBegin();
        }
        catch (Exception exception)
        {
            // The writer's thread tries the write once more, with a fresh connection if needed, and reports the result to the caller.
            Undo(exception);
            return false;
        }
    }

    private void Run()
    {
        var group = new List<WriteOperation>();
        while (_queue.Take(group, wait: !_mayHaveLeftovers))
        {
            _threadIsNext = true;
            lock (_gate)
            {
                _threadIsNext = false;
                if (group.Count > 0) Commit(group, null);
                group.Clear();
                if (_mayHaveLeftovers) PurgeStep();
                if (_isTidyWanted) EmptyLog();
            }
        }

        lock (_gate)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    private bool IsLogLong => _database.LogBytes > Math.Max(_database.MaxLogBytes, Volatile.Read(ref _longAt));

    private void EmptyLog()
    {
        _isTidyWanted = false;
        try
        {
            // Readers that overlap without a pause keep it from beginning anew. Each of them is short, so that they are waited for,
            // and those that come meanwhile read the file itself. Appends wait as long: seldom, and not for every deletion.
            if (_leavesLog || _connection is not { } connection) return;
            var isLong = IsLogLong;
            var isEmpty = connection.TryEmptyLog(isLong ? LongLogPatience : TimeSpan.Zero);
            if (isEmpty) _mayHoldDeleted = false;

            // A reader that stays, such as a shell of somebody's, is not waited for again every second.
            if (isEmpty) Volatile.Write(ref _longAt, 0);
            else if (isLong) Volatile.Write(ref _longAt, _database.LogBytes + _database.MaxLogBytes);
        }
        catch (Exception exception)
        {
            // The next try is made with the next tidying.
            Undo(exception);
        }
    }

    /// <summary>Commits a group, in the transaction that has begun on <paramref name="begun"/>, or in one of its own.</summary>
    private void Commit(List<WriteOperation> group, WriterConnection? begun)
    {
        var operations = CollectionsMarshal.AsSpan(group);
        if ((begun is null ? TryCommit(operations) : Finish(begun, operations)) is not { } failure) return;

        // Each write of the failed transaction is tried alone, so that one bad write does not fail the others.
        // Not when the file is locked: each write would wait for the lock again.
        if (group.Count > 1 && !SqliteErrors.IsBusy(failure))
        {
            foreach (var operation in group)
            {
                if (TryCommit([operation]) is { } own) Fail(operation, own);
            }

            return;
        }

        foreach (var operation in group) Fail(operation, failure);
    }

    /// <summary>One transaction; null when it was committed.</summary>
    private Exception? TryCommit(ReadOnlySpan<WriteOperation> group)
    {
        try
        {
            var connection = _connection ?? Open();
            connection.Begin();
            return Finish(connection, group);
        }
        catch (Exception exception)
        {
            // Everything is caught, because the thread must live as long as the log. The callers get the failure.
            Undo(exception);
            return exception;
        }
    }

    /// <summary>Writes in the transaction that has begun, and ends it; null when it was committed.</summary>
    private Exception? Finish(WriterConnection connection, ReadOnlySpan<WriteOperation> group)
    {
        try
        {
            foreach (var operation in group) operation.Execute(connection);
            connection.Commit();
            _mayHaveLeftovers = connection.MayHaveLeftovers && !_isPurgeGivenUp;
        }
        catch (Exception exception)
        {
            Undo(exception);
            return exception;
        }

        // An empty transaction says nothing about the store, so it is not reported. It happens when the writer's thread took the writes after this transaction had begun.
        if (group.Length > 0) _report(null);
        Count(group);
        foreach (var operation in group) operation.Complete();
        if (connection.TakePromptsChanged()) PromptsChanged?.Invoke();
        return null;
    }

    private void Count(ReadOnlySpan<WriteOperation> group)
    {
        if (_traffic is null) return;
        var (appends, events) = (0, 0);
        foreach (var operation in group)
        {
            if (operation.Events == 0) continue;
            appends++;
            events += operation.Events;
        }

        _traffic.Committed(appends, events);
    }

    private void Fail(WriteOperation operation, Exception exception)
    {
        // The store works; this one session's rows do not agree with each other.
        if (SqliteErrors.ToDamage(exception) is { } damage)
        {
            operation.Fail(damage);
            return;
        }

        var failure = SqliteErrors.ToStorage(exception, _database.Path);
        _report(failure);
        operation.Fail(failure);
    }

    private void PurgeStep()
    {
        try
        {
            var connection = _connection ?? Open();
            if (connection.FindLeftover() is not { } session)
            {
                _mayHaveLeftovers = false;
                _isTidyWanted = _mayHoldDeleted;
                return;
            }

            _mayHoldDeleted = true;
            connection.Begin();
            connection.Purge(session);
            connection.Commit();
        }
        catch (Exception exception)
        {
            Undo(exception);
            // Tried again after the next commit, or, when the file is damaged, only after the next start.
            _mayHaveLeftovers = false;
            _isPurgeGivenUp = exception is SqliteException sqlite && SqliteErrors.IsDamage(sqlite);
            LogNotPurged(exception);
        }
    }

    private void Undo(Exception cause)
    {
        if (_connection is not { } connection) return;
        try
        {
            connection.Rollback();
            if (SqliteErrors.LeavesConnectionGood(cause)) return;
        }
        catch (Exception exception) when (exception is SqliteException or InvalidOperationException)
        {
            // The connection is closed below. SQLite undoes the uncommitted writes when the file is opened again.
        }

        // The next connection looks for leftovers. It is not opened only for them, because opening it could hide that the file is lost.
        _connection = null;
        _mayHaveLeftovers = false;
        connection.Dispose();
    }

    private WriterConnection Open()
    {
        _connection = WriterConnection.Open(_database);
        if (_leavesLog) _connection.LeaveLog();
        _mayHaveLeftovers = !_isPurgeGivenUp;
        return _connection;
    }
}

using Gateway.Log.Sqlite.Operations;
using Microsoft.Data.Sqlite;

namespace Gateway.Log.Sqlite;

/// <summary>The one writer: a thread that commits whatever waits as one transaction, then looks again.</summary>
/// <remarks>
/// Group commit without a timer: a lone write is committed at once; writes that arrive meanwhile share the next
/// commit. Each succeeds or fails on its own: when a shared transaction fails, each write gets its own.
/// After an I/O failure the connection is opened anew with the next write, so the writer heals with its cause.
/// </remarks>
internal sealed partial class SqliteWriter : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly Action<StorageException?> _report;
    private readonly ILogger _logger;
    private readonly WriteQueue _queue;
    private readonly Thread _thread;

    // Owned by the thread.
    private WriterConnection? _connection;
    private bool _mayHaveLeftovers;
    private bool _isPurgeGivenUp;

    /// <summary>Opens the connection and starts the thread.</summary>
    /// <param name="database">The file.</param>
    /// <param name="maxPending">Writes that may wait.</param>
    /// <param name="report">Told by the thread how each transaction ended: null for a commit.</param>
    /// <param name="logger">Learns what no caller does.</param>
    public SqliteWriter(SqliteDatabase database, int maxPending, Action<StorageException?> report, ILogger logger)
    {
        _database = database;
        _report = report;
        _logger = logger;
        _queue = new WriteQueue(maxPending);
        Open();
        _thread = new Thread(Run) { IsBackground = true, Name = "session log writer" };
        _thread.Start();
    }

    /// <summary>Writes, and returns once that is committed.</summary>
    public async Task<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellationToken)
    {
        await _queue.AddAsync(operation, cancellationToken);
        return await (cancellationToken.CanBeCanceled ? operation.Done.WaitAsync(cancellationToken) : operation.Done);
    }

    /// <summary>Commits what waits, then ends the thread and closes the connection.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
    }

    private void Run()
    {
        var group = new List<WriteOperation>();
        while (_queue.Take(group, wait: !_mayHaveLeftovers))
        {
            if (group.Count > 0) Commit(group);
            group.Clear();
            if (_mayHaveLeftovers) PurgeStep();
        }

        _connection?.Dispose();
    }

    private void Commit(List<WriteOperation> group)
    {
        if (TryCommit(group) is not { } failure) return;

        // Who waited with others is tried alone: one write that cannot be made must not take the others with it.
        // Not when the file is locked, where each would wait for the lock again.
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
    private Exception? TryCommit(List<WriteOperation> group)
    {
        try
        {
            var connection = _connection ?? Open();
            connection.Begin();
            foreach (var operation in group) operation.Execute(connection);
            connection.Commit();
            _mayHaveLeftovers = connection.MayHaveLeftovers && !_isPurgeGivenUp;
        }
        catch (Exception exception)
        {
            // Everything is caught: the thread lives as long as the log. Callers get the failure.
            Undo(exception);
            return exception;
        }

        _report(null);
        foreach (var operation in group) operation.Complete();
        return null;
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
                return;
            }

            connection.Begin();
            connection.Purge(session);
            connection.Commit();
        }
        catch (Exception exception)
        {
            Undo(exception);
            // Not again and again: after the next commit, or, where the file is damaged, after the next start.
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
            // It is closed below; SQLite undoes what was not committed when the file is opened next.
        }

        _connection = null;
        connection.Dispose();
    }

    private WriterConnection Open()
    {
        _connection = WriterConnection.Open(_database);
        _mayHaveLeftovers = !_isPurgeGivenUp;
        return _connection;
    }
}

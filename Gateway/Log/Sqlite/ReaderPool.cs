using System.Collections.Concurrent;
using Gateway.Log.Sqlite.Connections;
using Microsoft.Data.Sqlite;

namespace Gateway.Log.Sqlite;

/// <summary>Connections that read; no reader waits for the writer, nor the writer for a reader.</summary>
/// <remarks>Bounded: when all are in use, a reader waits for its turn, asynchronously.</remarks>
internal sealed class ReaderPool(SqliteDatabase database, int maxReaders) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(maxReaders);
    private readonly ConcurrentBag<ReaderConnection> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads on a thread of the pool, because SQLite's calls block.</summary>
    public async Task<TResult> ReadAsync<TResult>(Func<ReaderConnection, TResult> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(read), cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Closes the connections; one that is in use is closed when its reader is done.</summary>
    public void Dispose()
    {
        _closed = true;
        CloseIdle();
    }

    private TResult Read<TResult>(Func<ReaderConnection, TResult> read)
    {
        if (_closed) throw new StorageException("The session log is closed.");
        ReaderConnection? connection = null;
        try
        {
            if (!_idle.TryTake(out connection)) connection = ReaderConnection.Open(database);
            var result = read(connection);
            _idle.Add(connection);
            if (_closed) CloseIdle();
            return result;
        }
        catch (Exception exception)
        {
            // A fresh connection for the next reader: this one may be what is broken.
            connection?.Dispose();
            if (exception is SqliteException sqlite) throw SqliteErrors.ToStorage(sqlite, database.Path);
            throw;
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var connection)) connection.Dispose();
    }
}

using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Something to write; carried out by the writer, in one transaction with its neighbours.</summary>
internal abstract class WriteOperation
{
    /// <summary>Whether it takes so little time that it may be made on its caller's thread.</summary>
    public virtual bool IsShort => false;

    /// <summary>How many events it appends.</summary>
    public virtual int Events => 0;

    /// <summary>Writes, inside a transaction. Called again when the transaction had to be rolled back.</summary>
    public abstract void Execute(WriterConnection connection);

    /// <summary>The transaction is committed.</summary>
    public abstract void Complete();

    /// <summary>Nothing was written.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A write with a result.</summary>
internal abstract class WriteOperation<TResult> : WriteOperation
{
    // Continuations run elsewhere: the writer's thread belongs to the writer.
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult _result = default!;
    private Exception? _refusal;

    /// <summary>Completes once the write is committed, or has failed.</summary>
    public Task<TResult> Done => _done.Task;

    /// <inheritdoc/>
    public sealed override void Execute(WriterConnection connection)
    {
        _refusal = null;
        try
        {
            _result = Write(connection);
        }
        catch (Exception exception) when (exception is LogConflictException or StorageException or DamagedLogException)
        {
            // This write was refused before it changed anything, so the other writes of the transaction continue.
            _refusal = exception;
        }
    }

    /// <inheritdoc/>
    public sealed override void Complete()
    {
        if (_refusal is null) _done.TrySetResult(_result);
        else _done.TrySetException(_refusal);
    }

    /// <inheritdoc/>
    public sealed override void Fail(Exception exception) => _done.TrySetException(exception);

    /// <summary>Writes all of it, or throws one of the log's exceptions before anything was written.</summary>
    protected abstract TResult Write(WriterConnection connection);
}

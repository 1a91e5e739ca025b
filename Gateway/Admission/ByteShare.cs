namespace Gateway.Admission;

/// <summary>Bytes that somebody has taken from a <see cref="ByteBudget"/>; disposing gives them back.</summary>
internal sealed class ByteShare : IDisposable
{
    private readonly ByteBudget _budget;
    private readonly LinkedListNode<ByteShare> _transfer;
    private readonly Lock _gate = new();
    private Action? _end;

    internal ByteShare(ByteBudget budget, long bytes, long since)
    {
        _budget = budget;
        _transfer = new LinkedListNode<ByteShare>(this);
        Bytes = bytes;
        Since = since;
    }

    /// <summary>How many.</summary>
    public long Bytes { get; internal set; }

    /// <summary>The timestamp at which they were taken.</summary>
    public long Since { get; }

    /// <summary>Whether the transfer was ended because it was too slow for those that wait.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes more, or gives some back.</summary>
    public void Resize(long bytes) => _budget.Resize(this, bytes);

    /// <summary>A transfer begins whose pace a client sets.</summary>
    /// <param name="end">Ends it; may be called again.</param>
    public void BeginTransfer(Action end)
    {
        lock (_gate) _end = end;
        _budget.Begin(_transfer);
    }

    /// <summary>The transfer is over, and is not ended after this.</summary>
    public void FinishTransfer()
    {
        _budget.Finish(_transfer);
        lock (_gate) _end = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FinishTransfer();
        _budget.Resize(this, 0);
    }

    internal void End()
    {
        lock (_gate)
        {
            if (_end is not { } end) return;
            HasEnded = true;
            end();
        }
    }
}

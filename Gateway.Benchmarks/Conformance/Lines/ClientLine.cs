namespace Gateway.Benchmarks.Conformance.Lines;

/// <summary>The way from the kit to a client.</summary>
internal abstract class ClientLine
{
    private bool _isClosed;

    /// <summary>Whether it only looks alive: nothing is passed in either direction any more.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Whether nothing reaches the client any more.</summary>
    public bool IsOver => IsDead || _isClosed;

    /// <summary>Sends a message.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => SendPartAsync(message, isLast: true, cancellationToken);

    /// <summary>Sends a part of a message.</summary>
    public Task SendPartAsync(ReadOnlyMemory<byte> part, bool isLast, CancellationToken cancellationToken) =>
        IsOver ? Task.CompletedTask : WriteAsync(part, isLast, cancellationToken);

    /// <summary>Ends the connection without a word.</summary>
    public void Break()
    {
        _isClosed = true;
        Abort();
    }

    /// <summary>Ends the connection as the transport does it in order; nothing is sent any more.</summary>
    public Task CloseAsync(int code, string words, CancellationToken cancellationToken)
    {
        _isClosed = true;
        return SayGoodbyeAsync(code, words, cancellationToken);
    }

    /// <summary>Passes nothing on from now on, and stays open.</summary>
    public virtual void GoDead() => IsDead = true;

    /// <summary>Writes to the transport.</summary>
    protected abstract Task WriteAsync(ReadOnlyMemory<byte> part, bool isLast, CancellationToken cancellationToken);

    /// <summary>Breaks the transport.</summary>
    protected abstract void Abort();

    /// <summary>Ends the transport.</summary>
    protected abstract Task SayGoodbyeAsync(int code, string words, CancellationToken cancellationToken);
}

namespace Gateway.Tools.Mcp;

/// <summary>What an MCP server sends, which fails where a message has no end.</summary>
/// <remarks>Readers keep what came of a message until it ends: a server that never ends one would take all memory.</remarks>
/// <param name="stream">What it sends.</param>
/// <param name="end">What ends a message.</param>
internal sealed class BoundedMessages(Stream stream, MessageEnd end) : Stream
{
    /// <summary>The most bytes of a message, and therefore of what it carries.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private long _length;
    private bool _lineIsEmpty = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        return Count(buffer.Span, read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Count(buffer.AsSpan(offset), stream.Read(buffer, offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }

    private int Count(ReadOnlySpan<byte> buffer, int read)
    {
        foreach (var part in buffer[..read])
        {
            _length++;
            if (part == (byte)'\n')
            {
                if (end == MessageEnd.Line || (end == MessageEnd.BlankLine && _lineIsEmpty)) _length = 0;
                _lineIsEmpty = true;
            }
            else if (part != (byte)'\r')
            {
                _lineIsEmpty = false;
            }
        }

        return _length <= MaxLength ? read : throw new IOException($"It sent more than {MaxLength / (1024 * 1024)} MiB in one message.");
    }
}

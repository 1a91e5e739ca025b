namespace Gateway.Tools.Mcp;

/// <summary>What an MCP server sends, which fails where it goes on for too long without a line break.</summary>
/// <remarks>Messages end with a line break, and readers keep what came of one until it does: a server that sends none would take all memory.</remarks>
internal sealed class BoundedLines(Stream stream) : Stream
{
    /// <summary>The most bytes of a line; of a message therefore, and of what it carries.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private int _length;

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
        var last = buffer[..read].LastIndexOf((byte)'\n');
        _length = last < 0 ? _length + read : read - last - 1;
        return _length <= MaxLength ? read : throw new IOException($"It sent more than {MaxLength / (1024 * 1024)} MiB without a line break.");
    }
}

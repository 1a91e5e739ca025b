using System.Buffers;

namespace Gateway.Models.Network;

/// <summary>Hands a provider's answer on unchanged and shows each of its lines to whoever derives from it.</summary>
/// <param name="inner">The answer as it arrives.</param>
/// <param name="asked">Cancels the reading for a library that forgets to pass its token on.</param>
internal abstract class AnswerStream(Stream inner, CancellationToken asked) : Stream
{
    // A longer line is handed on all the same, but its end is not looked at.
    private const int LongestLine = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private Exception? _failure;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Looks at a line without its end; what it returns is thrown at the reader.</summary>
    protected abstract Exception? OnLine(ReadOnlySpan<byte> line);

    /// <summary>The answer is at its end.</summary>
    protected abstract Exception? OnEnd();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_failure is not null) throw _failure;
        var read = await inner.ReadAsync(buffer, cancellationToken.CanBeCanceled ? cancellationToken : asked);
        return Look(buffer.Span, read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A library that read like this would hold a thread for as long as the model thinks.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    // How much of what was read goes to the reader: what stands before a line that fails still does.
    private int Look(ReadOnlySpan<byte> buffer, int read)
    {
        if (read == 0)
        {
            if (buffer.Length > 0 && (Failed(LookAtLine()) || Failed(OnEnd()))) throw _failure!;
            return 0;
        }

        var good = 0;
        while (good < read)
        {
            var rest = buffer[good..read];
            var end = rest.IndexOf((byte)'\n');
            Remember(end < 0 ? rest : rest[..end]);
            if (end < 0) return read;
            if (Failed(LookAtLine())) return good > 0 ? good : throw _failure!;
            good += end + 1;
        }
        return read;
    }

    private void Remember(ReadOnlySpan<byte> part)
    {
        if (_line.WrittenCount + part.Length <= LongestLine) _line.Write(part);
    }

    private Exception? LookAtLine()
    {
        var line = _line.WrittenSpan.Trim((ReadOnlySpan<byte>)" \r"u8);
        var failure = line.IsEmpty ? null : OnLine(line);
        _line.ResetWrittenCount();
        return failure;
    }

    private bool Failed(Exception? failure)
    {
        _failure ??= failure;
        return _failure is not null;
    }
}

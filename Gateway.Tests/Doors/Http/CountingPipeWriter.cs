using System.IO.Pipelines;

namespace Gateway.Tests.Doors.Http;

/// <summary>Counts the flushes, and the bytes of each.</summary>
internal sealed class CountingPipeWriter : PipeWriter
{
    private byte[] _buffer = new byte[4096];
    private long _unflushed;

    public List<long> Flushes { get; } = [];

    /// <summary>Completes at the first flush.</summary>
    public TaskCompletionSource<bool> Flushed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Advance(int bytes) => _unflushed += bytes;

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Flushes.Add(_unflushed);
        _unflushed = 0;
        Flushed.TrySetResult(true);
        return default;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length < sizeHint) _buffer = new byte[sizeHint];
        return _buffer;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}

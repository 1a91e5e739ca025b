using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Gateway.Delivery;
using Gateway.Transport;

namespace Gateway.Doors.Hubs;

/// <summary>SignalR's side of a connection's sender: each flush is one WebSocket message, in its place between the feed's.</summary>
/// <remarks>Holds no buffer between two flushes, so that an idle connection has none.</remarks>
internal sealed class FramePipeWriter(FrameSender sender, Func<WebSocketMessageType> messageType) : PipeWriter
{
    private const int FirstBufferLength = 512;

    private byte[]? _buffer;
    private int _length;
    private TaskCompletionSource? _cancel;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes) => _length += bytes;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_length == 0) return new ValueTask<FlushResult>(default(FlushResult));

        // A copy of its own: the sender may keep it until the client takes it.
        var sent = sender.SendAsync(WebSocketFrame.Create(messageType(), _buffer.AsSpan(0, _length)));
        Release();
        return sent.IsCompletedSuccessfully ? new ValueTask<FlushResult>(default(FlushResult)) : WaitAsync(sent.AsTask(), cancellationToken);
    }

    public override void CancelPendingFlush() => Volatile.Read(ref _cancel)?.TrySetResult();

    public override void Complete(Exception? exception = null) => Release();

    private async ValueTask<FlushResult> WaitAsync(Task sent, CancellationToken cancellationToken)
    {
        var cancel = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _cancel, cancel);
        try
        {
            var done = await Task.WhenAny(sent, cancel.Task).WaitAsync(cancellationToken);
            await done;
            return new FlushResult(isCanceled: done != sent, isCompleted: false);
        }
        catch (IOException)
        {
            // A lost client shows as a completed flush, as with every transport.
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
    }

    private void Reserve(int length)
    {
        if (_buffer is not null && _buffer.Length - _length >= length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + length, Math.Max(FirstBufferLength, 2 * _length)));
        if (_buffer is not null)
        {
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }

    private void Release()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _length = 0;
    }
}

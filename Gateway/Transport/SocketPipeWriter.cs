using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>Writes a connection's HTTP responses straight to its socket.</summary>
/// <remarks>
/// Kestrel's own writer hands bytes to a task that sends them some time later, so a WebSocket frame that is written directly
/// to the socket could overtake the 101 response. When a flush of this writer completes, the bytes are with the kernel, and
/// they have taken one thread hop less.
/// </remarks>
internal sealed class SocketPipeWriter(PipeWriter inner, Socket socket) : PipeWriter
{
    private const int BufferLength = 4 * 1024;

    private readonly List<ArraySegment<byte>> _full = [];
    private byte[]? _current;
    private int _length;
    private long _unflushed;
    private Task<bool>? _pending;
    private TaskCompletionSource? _cancel;
    private bool _broken;
    private bool _completed;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsSpan(_length);
    }

    public override void Advance(int bytes)
    {
        _length += bytes;
        _unflushed += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_current is not null && _length > 0)
        {
            _full.Add(new ArraySegment<byte>(_current, 0, _length));
            _current = null;
            _length = 0;
        }

        _unflushed = 0;
        if (_pending is { IsCompleted: true }) _pending = null;
        if (_pending is null)
        {
            if (_full.Count == 0) return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _broken));
            if (TrySend(out var rest)) return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _broken));
            _pending = SendRestAsync(Task.FromResult(true), rest);
        }
        else if (_full.Count > 0)
        {
            _pending = SendRestAsync(_pending, TakeAll());
        }

        return WaitAsync(_pending, cancellationToken);
    }

    public override void CancelPendingFlush() => Volatile.Read(ref _cancel)?.TrySetResult();

    public override void Complete(Exception? exception = null)
    {
        if (_completed) return;
        _completed = true;
        if (_current is not null) ArrayPool<byte>.Shared.Return(_current);
        _current = null;
        foreach (var buffer in _full) ArrayPool<byte>.Shared.Return(buffer.Array!);
        _full.Clear();

        if (_pending is null or { IsCompleted: true }) inner.Complete(exception);
        else _ = CompleteAfterAsync(_pending, exception);
    }

    private async Task CompleteAfterAsync(Task<bool> pending, Exception? exception)
    {
        await pending;
        inner.Complete(exception);
    }

    private void Reserve(int sizeHint)
    {
        if (_current is not null && _current.Length - _length >= Math.Max(sizeHint, 1)) return;
        if (_current is not null)
        {
            if (_length > 0) _full.Add(new ArraySegment<byte>(_current, 0, _length));
            else ArrayPool<byte>.Shared.Return(_current);
        }

        _current = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, BufferLength));
        _length = 0;
    }

    private List<ArraySegment<byte>> TakeAll()
    {
        var taken = _full.ToList();
        _full.Clear();
        return taken;
    }

    private bool TrySend(out List<ArraySegment<byte>> rest)
    {
        rest = [];
        for (var i = 0; i < _full.Count; i++)
        {
            var buffer = _full[i];
            if (_broken)
            {
                ArrayPool<byte>.Shared.Return(buffer.Array!);
                continue;
            }

            var sent = Send(buffer, out var error);
            if (error == SocketError.Success && sent == buffer.Count)
            {
                ArrayPool<byte>.Shared.Return(buffer.Array!);
                continue;
            }

            if (error is SocketError.Success or SocketError.WouldBlock)
            {
                _full[i] = buffer[Math.Max(sent, 0)..];
                rest = _full.GetRange(i, _full.Count - i);
                _full.Clear();
                return false;
            }

            _broken = true;
            ArrayPool<byte>.Shared.Return(buffer.Array!);
        }

        _full.Clear();
        return true;
    }

    private int Send(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        try
        {
            return socket.Send(bytes, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            // Kestrel has dropped the connection meanwhile. The writer treats that like a lost peer, as below.
            error = SocketError.OperationAborted;
            return 0;
        }
    }

    private async Task<bool> SendRestAsync(Task<bool> before, List<ArraySegment<byte>> buffers)
    {
        await before;
        foreach (var buffer in buffers)
        {
            try
            {
                for (var rest = (ReadOnlyMemory<byte>)buffer; rest.Length > 0 && !_broken;)
                {
                    rest = rest[await socket.SendAsync(rest, SocketFlags.None)..];
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // As with Kestrel's own writer, a lost peer shows as a completed flush.
                _broken = true;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer.Array!);
            }
        }

        return true;
    }

    private async ValueTask<FlushResult> WaitAsync(Task<bool> pending, CancellationToken cancellationToken)
    {
        var cancel = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _cancel, cancel);
        var done = await Task.WhenAny(pending, cancel.Task).WaitAsync(cancellationToken);
        return new FlushResult(isCanceled: done == cancel.Task && !pending.IsCompleted, isCompleted: _broken);
    }
}

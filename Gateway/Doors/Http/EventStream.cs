using System.Buffers;
using System.IO.Pipelines;
using Gateway.Delivery;
using Gateway.Log;

namespace Gateway.Doors.Http;

/// <summary>One running stream: what is available is written and flushed together, then the next event is awaited.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    /// <summary>Between two comments that keep proxies from closing a silent connection.</summary>
    public static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    // A long history is sent in pieces of this size: the flush between them waits for a slow reader.
    private const int MaxUnflushedBytes = 32 * 1024;

    private readonly IAsyncEnumerator<LoggedEvent> _events;
    private readonly PipeWriter _body;
    private readonly CancellationTokenSource _stop;
    private readonly PeriodicTimer _heartbeat;
    private readonly StreamWatch? _watch;
    private Task<bool>? _next;
    private bool _opened;
    private int _unflushed;
    private int _unflushedEvents;
    private long _seq;

    public EventStream(IAsyncEnumerable<LoggedEvent> events, PipeWriter body, TimeProvider time, CancellationTokenSource stop, StreamWatch? watch = null)
    {
        _watch = watch;
        _events = events.GetAsyncEnumerator(stop.Token);
        _body = body;
        _stop = stop;
        _heartbeat = new PeriodicTimer(HeartbeatPeriod, time);
    }

    /// <summary>Writes to the end of the session, or throws when stopped.</summary>
    public async Task WriteAllAsync()
    {
        var tick = _heartbeat.WaitForNextTickAsync(_stop.Token).AsTask();
        while (true)
        {
            _next = _events.MoveNextAsync().AsTask();
            if (!_next.IsCompleted) await FlushAsync();
            while (!_next.IsCompleted && await Task.WhenAny(_next, tick) == tick && tick.IsCompletedSuccessfully)
            {
                _body.Write(": still here\n\n"u8);
                await FlushAsync();
                tick = _heartbeat.WaitForNextTickAsync(_stop.Token).AsTask();
            }

            if (!await _next) break;
            Open();
            _unflushed += EventStreamFrame.Write(_body, _events.Current);
            _unflushedEvents++;
            _seq = _events.Current.Seq;
            if (_unflushed >= MaxUnflushedBytes) await FlushAsync();
        }

        await FlushAsync();
    }

    /// <summary>Whether anything has been written, so that no other answer can be given.</summary>
    public bool IsOpen => _opened;

    /// <summary>Writes, as the last event and without an id, why there are no more.</summary>
    public async Task RefuseAsync(ReadOnlyMemory<byte> json)
    {
        _body.Write("event: error\ndata: "u8);
        _body.Write(json.Span);
        _body.Write("\n\n"u8);
        await FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _heartbeat.Dispose();
        // An enumerator may only be disposed at rest.
        await _stop.CancelAsync();
        if (_next is not null) await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _events.DisposeAsync();
    }

    // Not before the first event is there or awaited: until then a refusal can still be a proper answer.
    private void Open()
    {
        if (_opened) return;
        _opened = true;
        _body.Write("retry: 3000\n\n"u8);
    }

    private async ValueTask FlushAsync()
    {
        Open();
        _watch?.Flushing();
        await _body.FlushAsync(_stop.Token);
        if (_unflushedEvents > 0) _watch?.Flushed(_seq, _unflushedEvents, _unflushed);
        else _watch?.Flushed(_watch.Seq, 0, 0);
        _unflushed = 0;
        _unflushedEvents = 0;
    }
}

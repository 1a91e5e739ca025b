using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;

namespace Gateway.Benchmarks.Sessions.Measures;

/// <summary>What all viewers together have received: how many events, how long each was on its way, and the longest time without any.</summary>
internal sealed class Receipts
{
    private const int Stamp = 28;

    private readonly Latencies _latencies = new();
    private long _events;
    private long _lastAt;
    private long _longestSilence;
    private volatile bool _counts;

    /// <summary>Events so far, since <see cref="Begin"/>.</summary>
    public long Events => Volatile.Read(ref _events);

    /// <summary>How long they were on their way.</summary>
    public Latencies Latencies => _latencies;

    /// <summary>The longest time in which nobody received anything.</summary>
    public TimeSpan LongestSilence => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _longestSilence));

    /// <summary>From now on is counted.</summary>
    public void Begin()
    {
        _lastAt = Stopwatch.GetTimestamp();
        _counts = true;
    }

    /// <summary>Nothing is counted any more.</summary>
    public void End() => _counts = false;

    /// <summary>Takes a frame; one that is no piece of an answer is not counted.</summary>
    public void Take(ReadOnlySpan<byte> frame)
    {
        if (!_counts || !frame.StartsWith("{\"event\":\"token_stream\",\"timestamp\":\""u8)) return;
        var text = frame["{\"event\":\"token_stream\",\"timestamp\":\"".Length..];
        if (text.Length < Stamp || !Utf8Parser.TryParse(text[..Stamp], out DateTime sent, out _, 'O')) throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"An event of {frame.Length} bytes has no time."));
        _latencies.Add(TimeProvider.System.GetUtcNow().UtcDateTime - sent.ToUniversalTime());
        Interlocked.Increment(ref _events);
        var now = Stopwatch.GetTimestamp();
        var silence = now - Interlocked.Exchange(ref _lastAt, now);
        for (var longest = Volatile.Read(ref _longestSilence); silence > longest;)
        {
            var seen = Interlocked.CompareExchange(ref _longestSilence, silence, longest);
            if (seen == longest) break;
            longest = seen;
        }
    }
}

using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>Promise 3 under thousands of joins, leaves, reconnects and backlogs, on <c>/ws</c> and the hub at once.</summary>
public sealed class RandomReadersTests
{
    private const int Readers = 32;
    private const int Total = 12_000;
    private const int LongestStay = 250;
    private const int LongestLead = 2000;

    [Theory]
    [InlineData(PeerGateway.Memory)]
    [InlineData(PeerGateway.Sqlite)]
    public async Task Every_reader_gets_everything_in_order_however_it_comes_and_goes(string store)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using var gateway = await PeerGateway.StartAsync(store);
        var session = await TestSession.CreateAsync(gateway.Services);
        var progress = new Progress(Readers);

        var writer = WriteAsync(session, progress, new Random(seed));
        var readers = Enumerable.Range(0, Readers).Select(i => Task.Run(() => ReadAsync(gateway, session.Id, i, progress, new Random(seed + 1 + i), seed))).ToList();
        try
        {
            await Task.WhenAll(readers.Append(writer));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"With seed {seed}: {exception.Message}", exception);
        }

        Assert.InRange(progress.Joins, 1000, int.MaxValue);
        await Leftovers.AssertNoneAsync(gateway);
    }

    // Never far ahead of the slowest reader: so the readers are live and late by turns.
    private static async Task WriteAsync(TestSession session, Progress progress, Random random)
    {
        while (session.LastSeq < Total)
        {
            await session.SayAsync((int)Math.Min(random.Next(1, 64), Total - session.LastSeq));
            await Wait.For(progress.WhenAllBeyondAsync(session.LastSeq - random.Next(1, LongestLead)), "the slowest reader");
        }
    }

    private static async Task ReadAsync(GatewayFixture gateway, string sessionId, int number, Progress progress, Random random, int seed)
    {
        var last = 0L;
        while (last < Total)
        {
            progress.Joined();
            // Some start over from an earlier event, as a client that has lost its page does.
            if (random.Next(20) == 0) last = Math.Max(0, last - random.Next(500));
            var stay = Math.Min(random.Next(0, LongestStay), Total - last);
            if (random.Next(2) == 0)
            {
                await using var peer = await Peer.ConnectAsync(gateway, $"/ws?session_id={sessionId}&after_seq={last}");
                last = await ReadAsync(peer.ReadSeqAsync, last, stay, number, progress, seed);
                if (random.Next(2) == 0) peer.Reset();
                else if (random.Next(2) == 0) await peer.SendFrameAsync(0x80 | Peer.Close, [0x03, 0xE8]);
            }
            else
            {
                await using var peer = await HubPeer.SubscribeAsync(gateway, sessionId, last);
                last = await ReadAsync(peer.ReadSeqAsync, last, stay, number, progress, seed);
                if (random.Next(2) == 0) peer.Peer.Reset();
            }
        }
    }

    private static async Task<long> ReadAsync(Func<ValueTask<long>> next, long last, long count, int number, Progress progress, int seed)
    {
        for (var i = 0; i < count; i++)
        {
            var seq = await next();
            Assert.True(seq == last + 1, $"seed {seed}: reader {number} got seq {seq} after {last}");
            progress.Report(number, last = seq);
        }

        return last;
    }

    private sealed class Progress(int readers)
    {
        private readonly Lock _gate = new();
        private readonly long[] _seqs = new long[readers];
        private TaskCompletionSource? _waiter;
        private long _goal;
        private int _joins;

        public int Joins => _joins;

        public void Joined() => Interlocked.Increment(ref _joins);

        public void Report(int number, long seq)
        {
            lock (_gate)
            {
                _seqs[number] = Math.Max(_seqs[number], seq);
                if (_waiter is not null && _seqs[number] >= _goal && _seqs.Min() >= _goal) _waiter.TrySetResult();
            }
        }

        public Task WhenAllBeyondAsync(long goal)
        {
            lock (_gate)
            {
                if (_seqs.Min() >= goal) return Task.CompletedTask;
                _goal = goal;
                _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _waiter.Task;
            }
        }
    }
}

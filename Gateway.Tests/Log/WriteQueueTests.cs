using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Log.Sqlite.Operations;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Log;

public sealed class WriteQueueTests : IDisposable
{
    private readonly WriteQueue _queue = new(capacity: 2);
    private readonly List<WriteOperation> _group = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Full_queue_makes_writers_wait_until_the_writer_takes()
    {
        await _queue.AddAsync(new ProbeOperation(), Token);
        await _queue.AddAsync(new ProbeOperation(), Token);
        var third = _queue.AddAsync(new ProbeOperation(), Token).AsTask();
        Assert.False(third.IsCompleted);

        Assert.True(_queue.Take(_group, wait: false));

        await Wait.For(third, "room in the queue");
        Assert.Equal(2, _group.Count);
    }

    [Fact]
    public async Task Waiting_for_room_can_be_given_up()
    {
        await _queue.AddAsync(new ProbeOperation(), Token);
        await _queue.AddAsync(new ProbeOperation(), Token);
        using var giveUp = new CancellationTokenSource();
        var third = _queue.AddAsync(new ProbeOperation(), giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        _queue.Take(_group, wait: false);
        Assert.Equal(2, _group.Count);
    }

    [Fact]
    public async Task Closing_hands_out_what_waits_and_refuses_everyone_else()
    {
        await _queue.AddAsync(new ProbeOperation(), Token);
        await _queue.AddAsync(new ProbeOperation(), Token);
        var waiting = Enumerable.Range(0, 3).Select(_ => _queue.AddAsync(new ProbeOperation(), Token).AsTask()).ToList();

        _queue.Close();

        foreach (var task in waiting) await Assert.ThrowsAsync<StorageException>(() => Wait.For(task, "the refusal"));
        Assert.True(_queue.Take(_group, wait: true));
        Assert.Equal(2, _group.Count);
        Assert.False(_queue.Take(_group, wait: true));
    }
}

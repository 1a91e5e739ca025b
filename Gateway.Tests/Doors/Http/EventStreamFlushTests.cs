using Gateway.Doors.Http;
using Gateway.Log;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Doors.Http;

public sealed class EventStreamFlushTests
{
    [Fact]
    public async Task Events_that_are_there_together_are_flushed_together()
    {
        var reader = new FakeSessionReader();
        for (var seq = 1; seq <= 100; seq++) reader.Events.Writer.TryWrite(new LoggedEvent(Sessions.Token("s", seq)));
        var body = new CountingPipeWriter();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var stream = new EventStream(reader.ReadAsync("s", 0, stop.Token), body, new FakeTimeProvider(), stop);

        var writing = stream.WriteAllAsync();
        await Wait.For(body.Flushed.Task, "the first flush");

        Assert.Single(body.Flushes);
        Assert.True(body.Flushes[0] > 100 * 150, $"Only {body.Flushes[0]} bytes were flushed.");
        reader.Events.Writer.Complete();
        await writing;
    }

    [Fact]
    public async Task A_long_history_is_flushed_in_pieces()
    {
        var reader = new FakeSessionReader();
        for (var seq = 1; seq <= 2000; seq++) reader.Events.Writer.TryWrite(new LoggedEvent(Sessions.Token("s", seq)));
        reader.Events.Writer.Complete();
        var body = new CountingPipeWriter();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var stream = new EventStream(reader.ReadAsync("s", 0, stop.Token), body, new FakeTimeProvider(), stop);

        await stream.WriteAllAsync();

        Assert.InRange(body.Flushes.Count, 6, 20);
        Assert.All(body.Flushes, bytes => Assert.InRange(bytes, 1, 34 * 1024));
    }
}

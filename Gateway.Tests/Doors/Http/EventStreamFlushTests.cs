using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Doors.Http;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>How a stream goes out that is written through the server.</summary>
public sealed class EventStreamFlushTests
{
    [Fact]
    public async Task Events_that_are_there_together_are_flushed_together()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 100);
        var body = new CountingPipeWriter();

        using var sender = await SendAsync(server, body);
        await Wait.For(body.Flushed.Task, "the first flush");

        Assert.Single(body.Flushes);
        Assert.True(body.Flushes[0] > 100 * 150, $"Only {body.Flushes[0]} bytes were flushed.");
    }

    [Fact]
    public async Task A_long_history_is_flushed_in_pieces()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 2000, SessionStatus.Completed);
        var body = new CountingPipeWriter();
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

        using var sender = await SendAsync(server, body, () => ended.SetResult(true));
        await Wait.For(ended.Task, "the end of the history");

        Assert.InRange(body.Flushes.Count, 6, 20);
        Assert.All(body.Flushes, bytes => Assert.InRange(bytes, 1, 34 * 1024));
    }

    private static async Task<FrameSender> SendAsync(HttpServer server, CountingPipeWriter body, Action? ended = null)
    {
        var feeds = server.Services.GetRequiredService<SessionFeeds>();
        var sender = feeds.CreateSender(new ResponseOutput(body, null), server.Services.GetServices<EventStream>().OfType<SseStream>().Single().Bare, () => { });
        sender.Leaving = ended;
        sender.LeavesAtEnd = true;
        await feeds.SubscribeAsync(sender, "s", 0, merge: false, TestContext.Current.CancellationToken);
        return sender;
    }
}

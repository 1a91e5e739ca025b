using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Gateway.Doors.WebSockets;
using Gateway.Tests.Delivery.Peers;
using Gateway.Tests.Infrastructure;
using Gateway.Transport;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Delivery;

/// <summary>A message in fragments, as SignalR sends long ones: events must not come between them (RFC 6455, section 5.4).</summary>
public sealed class FragmentTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    [Fact]
    public async Task Events_wait_until_a_fragmented_message_is_whole_and_control_frames_do_not()
    {
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var session = await TestSession.CreateAsync(gateway.Services);
        var output = new FirstBytes();
        var sender = feeds.CreateSender(output, gateway.Services.GetRequiredService<RawWire>(), () => { });
        await session.SayAsync(1);
        await feeds.SubscribeAsync(sender, session.Id, session.LastSeq, merge: false, CancellationToken.None);

        await using var socket = new FrameStream(Stream.Null, sender);
        await socket.WriteAsync(new byte[] { 0x01, 1, (byte)'a' });
        await session.SayAsync(1);
        await socket.WriteAsync(new byte[] { 0x8A, 0 });
        await socket.WriteAsync(new byte[] { 0x00, 1, (byte)'b' });
        await session.SayAsync(1);
        await socket.WriteAsync(new byte[] { 0x80, 1, (byte)'c' });
        await Wait.For(output.Event, "the events");

        feeds.Remove(sender);
        Assert.Equal([0x01, 0x8A, 0x00, 0x80, 0x81], output.Writes);
    }

    [Fact]
    public async Task The_word_that_a_session_is_deleted_waits_for_the_end_of_a_fragmented_message_too()
    {
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(1);
        var output = new FirstBytes();
        var sender = feeds.CreateSender(output, gateway.Services.GetRequiredService<RawWire>(), () => { });
        await feeds.SubscribeAsync(sender, session.Id, session.LastSeq, merge: false, CancellationToken.None);
        await using var socket = new FrameStream(Stream.Null, sender);
        await socket.WriteAsync(new byte[] { 0x01, 1, (byte)'a' });

        feeds.OnDeleted([session.Id]);
        await socket.WriteAsync(new byte[] { 0x80, 1, (byte)'c' });
        await Wait.For(output.Event, "the refusal");

        feeds.Remove(sender);
        Assert.Equal([0x01, 0x80, 0x81], output.Writes);
    }

    [Fact]
    public async Task A_long_answer_of_the_hub_and_live_events_share_a_connection()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(5_000);
        var connection = new HubConnectionBuilder().WithUrl(new Uri(gateway.Address, GatewayPath.Hub))
            .AddJsonProtocol(o => o.PayloadSerializerOptions = new(ContractsJson.Wire.Options)).Build();
        await using var hub = connection;
        var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += e =>
        {
            closed.TrySetResult(e);
            return Task.CompletedTask;
        };
        await Wait.For(connection.StartAsync(), "the connection");
        await connection.InvokeAsync<SessionAck>(nameof(IWorkflowHub.Subscribe), session.Id, session.LastSeq);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await session.SayAsync(1);
        });

        for (var round = 0; round < 10; round++)
        {
            var snapshot = await Wait.For(connection.InvokeAsync<SessionSnapshot>(nameof(IWorkflowHub.SubscribeSnapshot), session.Id), "a snapshot");
            Assert.True(snapshot.LastSeq >= 5_000);
        }

        await stop.CancelAsync();
        await Wait.For(writer, "the writer");
        Assert.False(closed.Task.IsCompleted);
    }

    private sealed class FirstBytes : FrameOutput
    {
        private readonly TaskCompletionSource _event = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> Writes { get; } = [];

        public Task Event => _event.Task;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
        {
            Writes.Add(frames.Span[0]);
            if (frames.Span[0] == 0x81) _event.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}

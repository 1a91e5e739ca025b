using Gateway.Client;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Client;

public abstract class LifetimeSuite(GatewayWire wire) : ClientTest(wire)
{
    [Fact]
    public async Task Disposing_twice_is_fine()
    {
        var client = await ConnectAsync();
        await client.DisposeAsync();
        await client.DisposeAsync();

        Assert.Equal(GatewayConnectionState.Closed, client.ConnectionState);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.PingAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ConnectAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.StartAsync("w", "t", null, Token));
    }

    [Fact]
    public async Task Disposing_a_client_that_never_connected_is_fine()
    {
        var client = NewClient();
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.PingAsync(Token));
        await Wait.For(client.DisposeAsync().AsTask(), "the disposal");
    }

    [Fact]
    public async Task Disposing_fails_what_waits_with_a_reason()
    {
        Server.Session("s-1").Say(1);
        var reached = Gate();
        var never = Gate();
        var client = await ConnectAsync();
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);
        Server.BeforeAnswer = (_, _) =>
        {
            reached.TrySetResult();
            return never.Task;
        };
        var next = reader.MoveNextAsync().AsTask();
        var pause = client.PauseAsync("s-1", Token);
        await Wait.For(reached.Task, "the pause in the hub");

        await Wait.For(client.DisposeAsync().AsTask(), "the disposal");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(next, "the end of the reading"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(pause, "the end of the pause"));
        never.SetResult();
    }

    [Fact]
    public async Task Disposing_while_reconnecting_fails_what_waits()
    {
        Server.Session("s-1").Say(1);
        var time = new FakeTimeProvider();
        var client = await ConnectAsync(o => (o.TimeProvider, o.RetryPolicy) = (time, new FixedRetry(TimeSpan.FromHours(1))));
        var states = new Journal<GatewayConnectionState>();
        client.ConnectionStateChanged += (_, e) => states.Add(e.State);
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);
        Server.CutSockets();
        await states.UntilAsync(s => s.Contains(GatewayConnectionState.Reconnecting), "the loss of the connection");
        var next = reader.MoveNextAsync().AsTask();
        var pause = client.PauseAsync("s-1", Token);

        await Wait.For(client.DisposeAsync().AsTask(), "the disposal");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(next, "the end of the reading"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(pause, "the end of the pause"));
    }

    [Fact]
    public async Task Cancelled_reading_ends_and_leaves_the_session()
    {
        Server.Session("s-1").Say(1);
        var client = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        await using var reader = client.ReadEventsAsync("s-1", 0, cancel.Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);
        var next = reader.MoveNextAsync().AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(next, "the end of the reading"));
        await Server.Calls.UntilAsync(calls => calls.Any(c => c.Method == "Unsubscribe"), "the end of the subscription");
    }

    [Fact]
    public async Task First_connect_fails_at_once_and_can_be_tried_again()
    {
        await Server.StopServerAsync();
        var client = NewClient();

        var failure = await RefusedAsync(client.ConnectAsync(Token));
        Assert.Equal(ClientErrorCode.ConnectionFailed, failure.Code);
        Assert.Contains(client.Address.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Equal(GatewayConnectionState.Closed, client.ConnectionState);

        await Server.StartServerAsync();
        await client.ConnectAsync(Token);
        await client.PingAsync(Token);
    }

    [Fact]
    public async Task First_connect_waits_for_the_gateway_when_asked_to()
    {
        await Server.StopServerAsync();
        var tried = Gate();
        var client = NewClient(o =>
        {
            o.RetryFirstConnect = true;
            o.RetryPolicy = new ImmediateRetry(onRetry: () => tried.TrySetResult());
        });

        var connect = client.ConnectAsync(Token);
        await Wait.For(tried.Task, "the first retry");
        await Server.StartServerAsync();

        await Wait.For(connect, "the connection");
        await client.PingAsync(Token);
    }

    [Fact]
    public async Task Disposing_ends_a_first_connect_that_is_being_retried()
    {
        await Server.StopServerAsync();
        var tried = Gate();
        var client = NewClient(o =>
        {
            o.RetryFirstConnect = true;
            o.RetryPolicy = new ImmediateRetry(onRetry: () => tried.TrySetResult());
        });
        var connect = client.ConnectAsync(Token);
        await Wait.For(tried.Task, "the first retry");

        await Wait.For(client.DisposeAsync().AsTask(), "the disposal");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(connect, "the end of the connect"));
    }

    [Theory]
    [InlineData(true, long.MaxValue)]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    public async Task A_first_connect_that_fails_while_the_client_is_disposed_ends_as_disposed(bool retried, long tries)
    {
        var (command, disposal) = (Gate().Task, Gate().Task);
        GatewayClient client = null!;
        client = NewClient(o =>
        {
            (o.RetryFirstConnect, o.RetryPolicy) = (retried, new ImmediateRetry(tries));
            o.ConfigureConnection = _ =>
            {
                (command, disposal) = (client.PingAsync(Token), client.DisposeAsync().AsTask());
                throw new IOException("The try fails at the moment of the disposal.");
            };
        });

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(client.ConnectAsync(Token), "the end of the connect"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(command, "the end of the command"));
        await Wait.For(disposal, "the disposal");
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task A_reconnect_that_fails_while_the_client_is_disposed_ends_what_waits_as_disposed(long tries)
    {
        Server.Session("open").Say(1);
        var (lost, failed) = (false, Gate());
        var (command, disposal) = (Gate().Task, Gate().Task);
        GatewayClient client = null!;
        client = NewClient(o =>
        {
            o.RetryPolicy = new ImmediateRetry(tries);
            o.ConfigureConnection = _ =>
            {
                if (!Volatile.Read(ref lost)) return;
                (command, disposal) = (client.PingAsync(Token), client.DisposeAsync().AsTask());
                failed.TrySetResult();
                throw new IOException("The try fails at the moment of the disposal.");
            };
        });
        await client.ConnectAsync(Token);
        await using var reader = client.ReadEventsAsync("open", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);
        Volatile.Write(ref lost, true);
        Server.CloseConnections();

        await Wait.For(failed.Task, "the try that fails");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(command, "the end of the command"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => RestAsync(reader));
        await Wait.For(disposal, "the disposal");
    }

    [Fact]
    public async Task Giving_up_fails_what_waits_and_a_new_connect_starts_afresh()
    {
        Server.Session("s-1").Say(1).End();
        var client = await ConnectAsync(o => o.RetryPolicy = new ImmediateRetry(tries: 2));
        Server.Session("open").Say(1);
        await using var reader = client.ReadEventsAsync("open", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);
        await Server.StopServerAsync();

        Assert.Equal(ClientErrorCode.ConnectionFailed, (await RefusedAsync(RestAsync(reader))).Code);
        Assert.Equal(ClientErrorCode.ConnectionFailed, (await RefusedAsync(client.PingAsync(Token))).Code);
        Assert.Equal(GatewayConnectionState.Closed, client.ConnectionState);

        await Server.StartServerAsync();
        await client.ConnectAsync(Token);
        AssertSeqs(1, 2, await ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token)));
    }

    [Fact]
    public async Task Reconnect_waits_as_long_as_the_policy_says()
    {
        var time = new TimerWatch();
        var client = await ConnectAsync(o => (o.TimeProvider, o.RetryPolicy) = (time, new FixedRetry(TimeSpan.FromSeconds(20))));
        var states = new Journal<GatewayConnectionState>();
        client.ConnectionStateChanged += (_, e) => states.Add(e.State);

        Server.CloseConnections();
        Assert.Equal(TimeSpan.FromSeconds(20), await Wait.For(time.First, "the wait before the retry"));
        Assert.Equal(GatewayConnectionState.Reconnecting, client.ConnectionState);
        time.Advance(TimeSpan.FromSeconds(20));

        await states.UntilAsync(
            s => s.Contains(GatewayConnectionState.Reconnecting) && s[^1] == GatewayConnectionState.Connected, "the new connection");
    }

    [Fact]
    public async Task Connection_that_is_dropped_at_once_counts_as_a_failed_try()
    {
        var counts = new Journal<long>();
        var time = new FakeTimeProvider();
        var policy = new ImmediateRetry(onContext: context => counts.Add(context.PreviousRetryCount));
        var client = await ConnectAsync(o => (o.TimeProvider, o.RetryPolicy) = (time, policy));

        for (var round = 0; round < 3; round++)
        {
            Server.CloseConnections();
            await counts.UntilAsync(c => c.Count == round + 1, "the retry");
            await client.PingAsync(Token);
        }

        time.Advance(TimeSpan.FromSeconds(5));
        Server.CloseConnections();
        await counts.UntilAsync(c => c.Count == 4, "the retry");

        Assert.Equal([0, 1, 2, 0], counts.Entries);
    }

    [Fact]
    public async Task State_changes_are_told_in_order()
    {
        var client = NewClient();
        var states = new Journal<GatewayConnectionState>();
        client.ConnectionStateChanged += (_, e) => states.Add(e.State);
        client.ConnectionStateChanged += (_, _) => throw new InvalidOperationException("A handler's bug.");

        await client.ConnectAsync(Token);
        Server.CutSockets();
        await states.UntilAsync(s => s.Count == 4, "the new connection");
        await client.DisposeAsync();

        Assert.Equal(
            [
                GatewayConnectionState.Connecting, GatewayConnectionState.Connected, GatewayConnectionState.Reconnecting,
                GatewayConnectionState.Connected, GatewayConnectionState.Closed,
            ],
            states.Entries);
    }

    [Fact]
    public async Task State_handler_may_dispose_the_client_and_wait_for_it()
    {
        var client = await ConnectAsync();
        var disposed = Gate();
        client.ConnectionStateChanged += (_, e) =>
        {
            if (e.State != GatewayConnectionState.Reconnecting) return;
            client.DisposeAsync().AsTask().Wait(Token);
            disposed.TrySetResult();
        };

        Server.CutSockets();

        await Wait.For(disposed.Task, "the disposal inside the handler");
    }

    [Fact]
    public async Task A_heartbeat_that_is_not_answered_is_a_lost_connection()
    {
        var time = new TimerWatch();
        var (asked, never) = (Gate(), Gate());
        Server.BeforeAnswer = (call, _) => call.Method == "Ping" && asked.TrySetResult() ? never.Task : Task.CompletedTask;
        var states = new Journal<GatewayConnectionState>();
        var client = NewClient(o => (o.TimeProvider, o.HeartbeatInterval) = (time, TimeSpan.FromSeconds(30)));
        client.ConnectionStateChanged += (_, e) => states.Add(e.State);
        await client.ConnectAsync(Token);

        Assert.Equal(TimeSpan.FromSeconds(30), await Wait.For(time.First, "the wait before the heartbeat"));
        time.Advance(TimeSpan.FromSeconds(30));
        await Wait.For(asked.Task, "the heartbeat");
        time.Advance(TimeSpan.FromSeconds(15));

        await states.UntilAsync(s => s.Contains(GatewayConnectionState.Reconnecting) && s[^1] == GatewayConnectionState.Connected, "the new connection");
        never.SetResult();
        await client.PingAsync(Token);
    }

    [Fact]
    public async Task A_heartbeat_whose_answer_is_late_is_none_while_events_come()
    {
        var time = new TimerWatch();
        var (asked, late) = (Gate(), Gate());
        Server.BeforeAnswer = (call, _) => call.Method == "Ping" && asked.TrySetResult() ? late.Task : Task.CompletedTask;
        var session = Server.Session("s-1").Say(1);
        var client = await ConnectAsync(o => (o.TimeProvider, o.HeartbeatInterval) = (time, TimeSpan.FromSeconds(30)));
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);
        var connection = Server.Connections.Keys.Single();

        await Wait.For(time.First, "the wait before the heartbeat");
        time.Advance(TimeSpan.FromSeconds(30));
        await Wait.For(asked.Task, "the heartbeat");
        session.Say(1);
        await NextAsync(reader);
        time.Advance(TimeSpan.FromSeconds(15));
        late.SetResult();
        await client.PingAsync(Token);

        Assert.Equal(connection, Server.Connections.Keys.Single());
        Assert.Equal(GatewayConnectionState.Connected, client.ConnectionState);
    }

    [Fact]
    public async Task The_policy_of_the_old_browsers_ends_with_its_own_words()
    {
        var client = NewClient(o => o.RetryPolicy = new LimitedReconnectPolicy(attempts: 3, step: TimeSpan.Zero));
        var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ConnectionStateChanged += (_, e) =>
        {
            if (e.State == GatewayConnectionState.Closed) closed.TrySetResult(e.Reason);
        };
        await client.ConnectAsync(Token);

        await Server.StopServerAsync();

        Assert.Equal("Max reconnection attempts reached", (await Wait.For(closed.Task, "the end of the tries"))?.Message);
        var failure = await RefusedAsync(client.PingAsync(Token));
        Assert.Equal((ClientErrorCode.ConnectionFailed, LimitedReconnectPolicy.GivenUp), (failure.Code, failure.Message));
    }

    [Fact]
    public async Task A_reader_opened_while_there_is_no_connection_waits_for_one()
    {
        Server.Session("s-1").Say(3).End();
        var time = new TimerWatch();
        var client = await ConnectAsync(o => (o.TimeProvider, o.RetryPolicy) = (time, new FixedRetry(TimeSpan.FromSeconds(20))));
        await Server.StopServerAsync();
        Assert.Equal(TimeSpan.FromSeconds(20), await Wait.For(time.First, "the wait before the retry"));

        var events = ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token));
        await Server.StartServerAsync();
        time.Advance(TimeSpan.FromSeconds(20));

        AssertSeqs(1, 4, await events);
    }
}

using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Client;

public abstract class SharedSessionSuite(GatewayWire wire) : ClientTest(wire)
{
    [Fact]
    public async Task Second_reader_gets_what_it_asked_for_and_the_first_notices_nothing()
    {
        var session = Server.Session("s-1").Say(50);
        var client = await ConnectAsync();
        await using var first = client.ReadEventsAsync("s-1", 40, Token).GetAsyncEnumerator(Token);
        await using var second = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await using var third = client.ReadEventsAsync("s-1", 45, Token).GetAsyncEnumerator(Token);

        Assert.Equal(41, (await NextAsync(first)).Seq);
        Assert.Equal(1, (await NextAsync(second)).Seq);
        Assert.Equal(46, (await NextAsync(third)).Seq);
        session.Say(49).End();

        AssertSeqs(42, 100, await RestAsync(first));
        AssertSeqs(2, 100, await RestAsync(second));
        AssertSeqs(47, 100, await RestAsync(third));
    }

    [Fact]
    public async Task Events_in_flight_when_a_lower_reader_joins_are_not_taken_for_gaps()
    {
        Server.Session("s-1").Say(19_999).End();
        var client = await ConnectAsync(o => o.BufferSize = 20_000);
        await using var high = client.ReadEventsAsync("s-1", 5_000, Token).GetAsyncEnumerator(Token);
        var first = await NextAsync(high);

        var low = ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token));

        AssertSeqs(1, 20_000, await low);
        AssertSeqs(5_001, 20_000, [first, .. await RestAsync(high)]);
    }

    [Fact]
    public async Task Readers_of_one_session_survive_a_lost_connection_together()
    {
        var session = Server.Session("s-1").Say(50);
        var client = await ConnectAsync();
        await using var first = client.ReadEventsAsync("s-1", 40, Token).GetAsyncEnumerator(Token);
        await using var second = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(first);
        await NextAsync(second);

        Server.CutSockets();
        session.Say(49).End();

        AssertSeqs(42, 100, await RestAsync(first));
        AssertSeqs(2, 100, await RestAsync(second));
    }

    [Fact]
    public async Task Reader_that_comes_back_inside_a_merged_run_gets_the_rest_of_it_and_no_more()
    {
        Server.Session("s-1").Say(4).SayRun(20).End();
        // The position that is asked for first is only checked: what is sent from there is lost.
        Server.Fault = _ => Server.Calls.Entries.Count(c => c.Method == "Subscribe") < 2 ? Fault.Skip : Fault.None;
        var client = await ConnectAsync();

        var events = await ReadAllAsync(client.ReadEventsAsync("s-1", 20, Token));

        Assert.Equal([24, 25], events.Select(e => e.Seq));
        Assert.Equal(21, events[0].MergedFrom);
        Assert.Equal(FakeSession.RunText(21, 24), ((SessionEvent<TokenStream>)events[0]).Data.Chunk);
    }

    [Fact]
    public async Task Readers_at_many_places_of_one_merged_run_get_each_word_once()
    {
        const int Last = 30;
        for (var round = 0; round < 20; round++)
        {
            Server.Session($"s-{round}").SayRun(Last).End();
            var client = await ConnectAsync();
            var readers = Enumerable.Range(0, 10).Select(i => (i * 7 + round) % Last).Select(after => (After: after, Events: ReadAllAsync(client.ReadEventsAsync($"s-{round}", after, Token)))).ToList();

            foreach (var (after, reading) in readers)
            {
                var events = await reading;
                Assert.Equal(FakeSession.RunText(after + 1, Last), string.Concat(events.OfType<SessionEvent<TokenStream>>().Select(e => e.Data.Chunk)));
                Assert.IsType<SessionEvent<ExecutionCompleted>>(events[^1]);
            }
        }
    }

    [Fact]
    public async Task Events_under_way_of_a_later_place_are_no_gap_even_when_none_of_them_has_arrived()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = $"s-{round}";
            Server.Session(id).Say(50).End();
            bool Asked(long after) => Server.Calls.Entries.Contains(new HubCall("Subscribe", id, after));

            // Nothing comes before the place ahead was asked for, and its first event not before the lower one was.
            Server.Fault = e =>
            {
                if (!Asked(39)) return Fault.Skip;
                if (e.Seq == 40) SpinWait.SpinUntil(() => Asked(0), TimeSpan.FromSeconds(10));
                return Fault.None;
            };
            var client = await ConnectAsync();

            var high = ReadAllAsync(client.ReadEventsAsync(id, 40, Token));
            await Server.Calls.UntilAsync(_ => Asked(39), "the place ahead of the lower reader");
            var low = ReadAllAsync(client.ReadEventsAsync(id, 0, Token));

            AssertSeqs(41, 51, await high);
            AssertSeqs(1, 51, await low);
        }
    }

    [Fact]
    public async Task Position_beyond_the_head_is_refused_to_its_reader_only()
    {
        var session = Server.Session("s-1").Say(5);
        var client = await ConnectAsync();
        await using var good = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(good);

        var refusal = await RefusedAsync(ReadAllAsync(client.ReadEventsAsync("s-1", 6, Token)));
        session.End();

        Assert.Equal(ErrorCode.SeqOutOfRange, refusal.Code);
        AssertSeqs(2, 6, await RestAsync(good));
    }

    [Fact]
    public async Task Unknown_session_is_refused_before_the_first_event()
    {
        var client = await ConnectAsync();

        var refusal = await RefusedAsync(ReadAllAsync(client.ReadEventsAsync("nobody", 0, Token)));

        Assert.Equal(ErrorCode.UnknownSession, refusal.Code);
        Assert.Equal("There is no session 'nobody'.", refusal.Message);
    }

    [Fact]
    public async Task Reading_after_the_last_event_of_a_finished_session_ends_at_once()
    {
        Server.Session("s-1").Say(9).End();
        var client = await ConnectAsync();

        Assert.Empty(await ReadAllAsync(client.ReadEventsAsync("s-1", 10, Token)));
    }

    [Fact]
    public async Task Last_reader_to_leave_ends_the_subscription()
    {
        Server.Session("s-1").Say(5);
        var client = await ConnectAsync();
        var first = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        var second = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(first);
        await NextAsync(second);

        await first.DisposeAsync();
        await client.PingAsync(Token);
        Assert.DoesNotContain(Server.Calls.Entries, c => c.Method == "Unsubscribe");

        await second.DisposeAsync();
        await Server.Calls.UntilAsync(calls => calls.Any(c => c.Method == "Unsubscribe"), "the end of the subscription");
    }

    [Fact]
    public async Task Session_that_was_read_to_its_end_has_no_subscription_to_end()
    {
        var client = await ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            Server.Session($"s-{i}").Say(5).End();
            AssertSeqs(1, 6, await ReadAllAsync(client.ReadEventsAsync($"s-{i}", 0, Token)));
        }

        await client.PingAsync(Token);
        Assert.DoesNotContain(Server.Calls.Entries, c => c.Method == "Unsubscribe");
    }

    [Fact]
    public async Task Session_that_was_left_can_be_read_again()
    {
        var session = Server.Session("s-1").Say(5);
        var client = await ConnectAsync();
        for (var round = 0; round < 20; round++)
        {
            await using var reader = client.ReadEventsAsync("s-1", round % 5, Token).GetAsyncEnumerator(Token);
            Assert.Equal((round % 5) + 1, (await NextAsync(reader)).Seq);
        }

        session.End();
        AssertSeqs(1, 6, await ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token)));
    }

    [Fact]
    public async Task Many_sessions_are_read_side_by_side()
    {
        var client = await ConnectAsync();
        var readers = Enumerable.Range(0, 50).Select(i =>
        {
            Server.Session($"s-{i}").Say(100 + i).End();
            return ReadAllAsync(client.ReadEventsAsync($"s-{i}", 0, Token));
        }).ToList();

        for (var i = 0; i < readers.Count; i++) AssertSeqs(1, 101 + i, await readers[i]);
    }

    [Fact]
    public async Task Connection_lost_while_subscribing_is_subscribed_again()
    {
        Server.Session("s-1").Say(9).End();
        var never = Gate();
        var hung = Gate();
        Server.BeforeAnswer = (call, connection) =>
        {
            if (call.Method != "Subscribe" || !hung.TrySetResult()) return Task.CompletedTask;
            connection.Abort();
            return never.Task;
        };
        var client = await ConnectAsync();

        AssertSeqs(1, 10, await ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token)));

        // The events may be read before the answer is due.
        await Wait.For(hung.Task, "the subscription that hangs");
        never.SetResult();
    }

    [Fact]
    public async Task Refusal_that_passes_is_retried_when_resubscribing()
    {
        var session = Server.Session("s-1").Say(3);
        var client = await ConnectAsync();
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);
        var refusals = 0;
        Server.BeforeAnswer = (call, _) => call.Method == "Subscribe" && refusals++ < 3
            ? throw new Microsoft.AspNetCore.SignalR.HubException($"{ErrorCode.StorageUnavailable}: The log is away.")
            : Task.CompletedTask;

        Server.CutSockets();
        await Server.Calls.UntilAsync(calls => calls.Count(c => c.Method == "Subscribe") == 5, "the fourth try on the new connection");
        session.End();

        AssertSeqs(2, 4, await RestAsync(reader));
    }

    [Theory]
    [InlineData(ErrorCode.LimitExceeded)]
    [InlineData(ErrorCode.StorageUnavailable)]
    [InlineData(ErrorCode.ShuttingDown)]
    public async Task Reader_opened_in_trouble_waits_like_any_other(string code)
    {
        var session = Server.Session("s-1");
        var client = await ConnectAsync();
        var refusals = 0;
        Server.BeforeAnswer = (call, _) => call.Method == "Subscribe" && refusals++ < 3
            ? throw new Microsoft.AspNetCore.SignalR.HubException($"{code}: Not now.")
            : Task.CompletedTask;

        var events = ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token));
        await Server.Calls.UntilAsync(calls => calls.Count(c => c.Method == "Subscribe") == 4, "the fourth try");
        session.Say(3).End();

        AssertSeqs(1, 4, await events);
    }

    [Fact]
    public async Task Subscription_that_nobody_reads_is_ended_again_when_its_end_was_refused_for_now()
    {
        Server.Session("s-1").Say(3);
        var client = await ConnectAsync();
        var refusals = 0;
        Server.BeforeAnswer = (call, _) => call.Method == "Unsubscribe" && refusals++ < 2
            ? throw new Microsoft.AspNetCore.SignalR.HubException($"{ErrorCode.LimitExceeded}: Not now.")
            : Task.CompletedTask;

        await using (var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token)) await NextAsync(reader);

        await Server.Calls.UntilAsync(calls => calls.Count(c => c.Method == "Unsubscribe") == 3, "the third try");
    }

    [Fact]
    public async Task Readers_that_ask_for_the_same_place_are_one_request()
    {
        var session = Server.Session("s-1").Say(3);
        var client = await ConnectAsync();
        var (asked, open) = (Gate(), Gate());
        Server.BeforeAnswer = (call, _) =>
        {
            if (call.Method != "Subscribe") return Task.CompletedTask;
            asked.TrySetResult();
            return open.Task;
        };

        var first = ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token));
        await Wait.For(asked.Task, "the first request");
        var others = Enumerable.Range(0, 100).Select(_ => ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token))).ToList();
        open.SetResult();
        await Server.Calls.UntilAsync(calls => calls.Count(c => c.Method == "Subscribe") == 2, "the second request");
        session.End();

        AssertSeqs(1, 4, await first);
        foreach (var other in others) AssertSeqs(1, 4, await other);
        Assert.Equal(2, Server.Calls.Entries.Count(c => c.Method == "Subscribe"));
    }

    [Fact]
    public async Task Session_lost_by_the_server_fails_its_readers()
    {
        Server.Session("s-1").Say(3);
        var client = await ConnectAsync();
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        for (var i = 0; i < 3; i++) await NextAsync(reader);

        Server.Forget("s-1");
        Server.CutSockets();

        Assert.Equal(ErrorCode.UnknownSession, (await RefusedAsync(RestAsync(reader))).Code);
    }
}

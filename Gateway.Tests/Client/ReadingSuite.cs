using System.Text;
using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>What reading promises, on each wire.</summary>
public abstract class ReadingSuite(GatewayWire wire) : ClientTest(wire)
{
    [Fact]
    public async Task All_kinds_of_events_arrive_as_they_were_sent()
    {
        const string Id = "s-1";
        var session = Server.Session(Id)
            .Append(new NodeStateChange { SessionId = Id, NodeId = "n", Status = NodeStatus.Suspended, Attempt = 2, Prompt = new Prompt { PromptId = "p", Text = "Go?" } })
            .Append(new ParallelStart { SessionId = Id, NodeId = "n", Branches = ["a", "b"] })
            .Append(new TokenStream { SessionId = Id, NodeId = "n", AgentId = "x", Chunk = "Grüße, 世界 🎭", IsThinking = true })
            .Append(new TokenUsage { SessionId = Id, NodeId = "n", AgentId = "x", InputTokens = 10, OutputTokens = 20, EstimatedCostUsd = 0.0125m })
            .Append(new ExecutionPaused { SessionId = Id, Reason = PauseReason.UserRequested, HeldInput = new HeldInput { Content = "wait" } })
            .Append(new ExecutionError { SessionId = Id, Error = "It broke.", Code = ErrorCode.ModelError })
            .End();
        var client = await ConnectAsync();

        var events = await ReadAllAsync(client.ReadEventsAsync(Id, 0, Token));

        Assert.Equal(session.Events.Select(Json), events.Select(Json));

        static string Json(SessionEvent e) => Encoding.UTF8.GetString(EventSerializer.Serialize(e));
    }

    [Fact]
    public async Task Reading_starts_after_the_given_event()
    {
        Server.Session("s-1").Say(9).End();
        var client = await ConnectAsync();

        AssertSeqs(5, 10, await ReadAllAsync(client.ReadEventsAsync("s-1", 4, Token)));
    }

    [Fact]
    public async Task Started_session_is_read_from_its_first_event_though_all_arrive_before_the_answer()
    {
        var sent = Gate();
        Server.Fault = e =>
        {
            if (e is SessionEvent<ExecutionCompleted>) sent.TrySetResult();
            return Fault.None;
        };
        Server.BeforeAnswer = async (call, _) =>
        {
            if (call.Method != "StartSession") return;
            Server.Session(call.SessionId!).Say(5).End();
            await sent.Task;
        };
        var client = await ConnectAsync();

        var events = await ReadAllAsync(client.StartAndReadAsync("council-debate", "topic", null, Token));

        AssertSeqs(1, 6, events);
        Assert.DoesNotContain(Server.Calls.Entries, c => c.Method == "Subscribe");
    }

    [Fact]
    public async Task Closed_connections_cost_no_event_and_double_none()
    {
        var session = Server.Session("s-1").Say(3);
        var client = await ConnectAsync();
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        var seqs = new List<long>();

        for (var round = 1; round <= 4; round++)
        {
            while (seqs.Count < session.Events.Count) seqs.Add((await NextAsync(reader)).Seq);
            if (round % 2 == 0) Server.CloseConnections();
            else Server.CutSockets();
            session.Say(3);
        }

        session.End();
        seqs.AddRange((await RestAsync(reader)).Select(e => e.Seq));
        Assert.Equal(Enumerable.Range(1, 16).Select(i => (long)i), seqs);
    }

    [Fact]
    public async Task Reading_goes_on_when_the_server_comes_back_with_a_longer_log()
    {
        var session = Server.Session("s-1").Say(3);
        var client = await ConnectAsync();
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        for (var seq = 1; seq <= 3; seq++) Assert.Equal(seq, (await NextAsync(reader)).Seq);

        await Server.StopServerAsync();
        session.Say(500).End();
        await Server.StartServerAsync();

        AssertSeqs(4, 504, await RestAsync(reader));
    }

    [Fact]
    public async Task Skipped_event_is_asked_for_again()
    {
        var once = new HashSet<long>();
        Server.Fault = e => e.Seq % 10 == 5 && once.Add(e.Seq) ? Fault.Skip : Fault.None;
        Server.Session("s-1").Say(99).End();
        var client = await ConnectAsync(o => o.MaxGapRetries = 1);

        AssertSeqs(1, 100, await ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token)));
        Assert.Contains(new HubCall("Subscribe", "s-1", 4), Server.Calls.Entries);
    }

    [Fact]
    public async Task Doubled_events_are_dropped()
    {
        Server.Fault = _ => Fault.Double;
        Server.Session("s-1").Say(99).End();
        var client = await ConnectAsync();

        AssertSeqs(1, 100, await ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token)));
    }

    [Fact]
    public async Task Event_that_can_be_read_at_the_second_try_only_delays()
    {
        var garbled = false;
        Server.Fault = e => e.Seq == 5 && !garbled && (garbled = true) ? Fault.Garble : Fault.None;
        Server.Session("s-1").Say(9).End();
        var client = await ConnectAsync(o => o.MaxGapRetries = 1);

        AssertSeqs(1, 10, await ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token)));
    }

    [Fact]
    public async Task Event_that_can_never_be_read_fails_the_reader_after_the_configured_tries()
    {
        Server.Fault = e => e.Seq == 5 ? Fault.Garble : Fault.None;
        Server.Session("s-1").Say(9).End();
        using var log = new TestLog();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        var client = await ConnectAsync(o => (o.MaxGapRetries, o.LoggerFactory) = (3, loggers));
        var seqs = new List<long>();

        var failure = await RefusedAsync(Task.Run(
            async () =>
            {
                await foreach (var e in client.ReadEventsAsync("s-1", 0, Token)) seqs.Add(e.Seq);
            },
            Token));

        Assert.Equal(ClientErrorCode.EventsMissing, failure.Code);
        Assert.Equal([1, 2, 3, 4], seqs);
        // Three tries, and the gap that is one too many.
        Assert.Equal(4, log.Entries.Count(e => e.Id == ClientEvents.EventsMissing));

        // One more where the events overtook the answer to the first Subscribe: they cannot be told from an earlier
        // position's then, and asking again for those costs no try.
        Assert.InRange(Server.Calls.Entries.Count(c => c == new HubCall("Subscribe", "s-1", 4)), 3, 4);
    }

    [Fact]
    public async Task Merged_event_fills_the_run_it_stands_for()
    {
        var session = Server.Session("s-1").Say(2);
        session.AppendMerged(from: 3, to: 7, "all at once").End();
        var client = await ConnectAsync();

        var events = await ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token));

        Assert.Equal([1, 2, 7, 8], events.Select(e => e.Seq));
        Assert.Single(Server.Calls.Entries, c => c.Method == "Subscribe");
    }
}

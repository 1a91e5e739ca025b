using System.Diagnostics.Metrics;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Models;
using Gateway.Telemetry;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What a model may be asked by all sessions together: at a time, and in a minute.</summary>
public sealed class ModelLimitsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_node_that_waits_for_its_model_says_so_and_when_it_waits_no_more()
    {
        await using var engine = Engine(new ModelLimits(Calls: 1));
        await engine.Start(SampleWorkflows.Quick, "one");
        var one = await engine["a"].NextCall();
        await engine.Start(SampleWorkflows.Quick, "two");
        var waits = await engine.Published.Seen(e => e.SessionId == "two" && e is SessionEvent<NodeStateChange> { Data.Wait: not null }, "the wait");
        Assert.Equal(("running", NodeWaitReason.Model, "a"), (((SessionEvent<NodeStateChange>)waits).Data.Status, ((SessionEvent<NodeStateChange>)waits).Data.Wait!.Reason, ((SessionEvent<NodeStateChange>)waits).Data.Wait!.Model));
        Assert.Equal("a", (await engine.Snapshot("two")).Nodes["a"].Wait!.Model);
        Assert.Equal([("a", 1, 1)], engine.Host.Places.Count());
        one.Say("one").End();
        (await engine["a"].NextCall()).Say("two").End();
        await engine.End("two");
        Assert.Equal(["a running", "a running", "a running", "a: two"], engine.Story("two").Where(line => line is "a running" or "a: two"));
        Assert.Null((await engine.Snapshot("two")).Nodes["a"].Wait);
        Assert.DoesNotContain(engine.Published.Of("one"), e => e is SessionEvent<NodeStateChange> { Data.Wait: not null });
        await Wait.Until(() => engine.Host.Places.Count() is [("a", 0, 0)], "all places to be free");
    }

    [Fact]
    public async Task How_many_calls_are_under_way_and_wait_can_be_measured()
    {
        await using var engine = Engine(new ModelLimits(Calls: 1));
        await using var services = new ServiceCollection().AddMetrics().AddSingleton<GatewayMetrics>().AddSingleton(engine.Host).AddSingleton<CallMetrics>().BuildServiceProvider();
        _ = services.GetRequiredService<CallMetrics>();
        var meter = services.GetRequiredService<GatewayMetrics>().Meter;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, reading) =>
        {
            if (instrument.Meter == meter) reading.EnableMeasurementEvents(instrument);
        };
        var seen = new List<string>();
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add($"{instrument.Name}{{{tags[0].Value}}} {value}"));
        listener.Start();
        await engine.Start(SampleWorkflows.Quick, "one");
        var one = await engine["a"].NextCall();
        await engine.Start(SampleWorkflows.Quick, "two");
        await engine.Published.Seen(e => e.SessionId == "two" && e is SessionEvent<NodeStateChange> { Data.Wait: not null }, "the wait");
        listener.RecordObservableInstruments();
        Assert.Equal(["gateway.model.calls.waiting{a} 1", "gateway.model.calls{a} 1"], seen.Order(StringComparer.Ordinal));
        one.End();
        (await engine["a"].NextCall()).End();
        await engine.End("two");
    }

    [Fact]
    public async Task No_more_calls_begin_in_a_minute_than_may()
    {
        await using var engine = Engine(new ModelLimits(RequestsPerMinute: 2));
        foreach (var id in new[] { "one", "two", "three" }) await engine.Start(SampleWorkflows.Quick, id);
        (await engine["a"].NextCall()).End();
        (await engine["a"].NextCall()).End();
        await engine.Published.Seen(e => e is SessionEvent<NodeStateChange> { Data.Wait: not null }, "the wait");
        engine.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(2, engine["a"].Calls);
        engine.Time.Advance(TimeSpan.FromSeconds(1));
        (await engine["a"].NextCall()).End();
        foreach (var id in new[] { "one", "two", "three" }) await engine.End(id);
    }

    [Fact]
    public async Task No_call_begins_while_the_tokens_of_the_minute_are_used_up()
    {
        await using var engine = Engine(new ModelLimits(TokensPerMinute: 1000));
        await engine.Start(SampleWorkflows.Quick, "one");
        var one = await engine["a"].NextCall();
        one.Say("Tea");
        one.Send(new UsageContent(new UsageDetails { InputTokenCount = 900, OutputTokenCount = 100 }));
        one.End();
        await engine.End("one");

        // Its end is told before its place is given back, with what it used.
        await Wait.Until(() => engine.Host.Places.Count() is [("a", 0, 0)], "the place to be free");
        await engine.Start(SampleWorkflows.Quick, "two");
        await engine.Published.Seen(e => e is SessionEvent<NodeStateChange> { Data.Wait: not null }, "the wait");
        engine.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, engine["a"].Calls);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        (await engine["a"].NextCall()).End();
        await engine.End("two");
    }

    [Fact]
    public void When_the_minute_is_over_no_more_of_those_that_wait_begin_than_it_has_room_for()
    {
        using var places = new CallPlaces(100, _time);
        var limits = new ModelLimits(TokensPerMinute: 1000);
        var waiting = Enumerable.Range(0, 20).Select(n => places.Ask("m", limits, $"s{n}", () => { })).ToList();
        var first = Assert.Single(waiting, place => place.IsGranted);
        first.Begin(1000);
        first.End(400);
        first.Dispose();

        // Each counts as much as the last one, also once it has begun and while nobody knows what it writes.
        var granted = waiting.Where(place => place.IsGranted).ToList();
        Assert.Equal(2, granted.Count);
        foreach (var place in granted) place.Begin(100);
        Assert.Equal(2, waiting.Count(place => place.IsGranted));

        // One is cut off, and nobody knows what it has used; the other one gives its room back.
        granted[0].End(0);
        granted[0].Dispose();
        Assert.Same(granted[1], Assert.Single(waiting, place => place.IsGranted));
        granted[1].End(100);
        granted[1].Dispose();
        var next = Assert.Single(waiting, place => place.IsGranted);

        // Those that leave without having begun have used nothing.
        next.Dispose();
        Assert.NotSame(next, Assert.Single(waiting, place => place.IsGranted));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(11, waiting.Count(place => place.IsGranted));
    }

    [Fact]
    public async Task A_pause_and_a_cancellation_free_the_place_in_the_line()
    {
        await using var engine = Engine(new ModelLimits(Calls: 1));
        await engine.Start(SampleWorkflows.Quick, "one");
        var one = await engine["a"].NextCall();
        foreach (var id in new[] { "two", "three", "four" })
        {
            await engine.Start(SampleWorkflows.Quick, id);
            await engine.Published.Seen(e => e.SessionId == id && e is SessionEvent<NodeStateChange> { Data.Wait: not null }, $"the wait of {id}");
        }

        await engine.Pause("two");
        await engine.Cancel("three");
        await engine.End("three");
        Assert.Equal([("a", 1, 1)], engine.Host.Places.Count());
        one.End();
        (await engine["a"].NextCall()).Say("four").End();
        Assert.Equal("four", (await engine.End("four")).Output);
        await engine.Resume("two");
        (await engine["a"].NextCall()).Say("two").End();
        Assert.Equal("two", (await engine.End("two")).Output);
        await Wait.Until(() => engine.Host.Places.Count() is [("a", 0, 0)], "all places to be free");
    }

    [Fact]
    public async Task A_retry_and_a_fallback_ask_for_a_place_like_any_call()
    {
        await using var engine = Engine(new ModelLimits(RequestsPerMinute: 1));
        await engine.Start(PolicyFlow.Quick(PolicyFlow.Retry(max: 1, backoff: "0"), null, "b"));
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        await engine.Published.Seen(e => e is SessionEvent<NodeStateChange> { Data: { Attempt: 2, Wait.Model: "a" } }, "the wait of the second try");
        engine.Time.Advance(TimeSpan.FromSeconds(61));
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        (await engine["b"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
    }

    [Fact]
    public async Task The_total_of_a_node_counts_while_it_waits_and_another_model_is_asked()
    {
        await using var engine = Engine(new ModelLimits(Calls: 1));
        await engine.Start(SampleWorkflows.Quick, "one");
        var one = await engine["a"].NextCall();
        await engine.Start(PolicyFlow.Quick(timeout: new TimeoutPolicy { Total = "20s" }, fallback: "b"), "two");
        await engine.Published.Seen(e => e.SessionId == "two" && e is SessionEvent<NodeStateChange> { Data.Wait: not null }, "the wait");
        engine.Time.Advance(TimeSpan.FromSeconds(21));
        (await engine["b"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End("two")).Output);
        Assert.Equal(0, engine.Host.Places.Count().Single(count => count.Model == "a").Waiting);
        one.End();
        await engine.End("one");
    }

    [Fact]
    public void Sessions_have_their_turns_one_after_the_other()
    {
        using var places = new CallPlaces(1, _time);
        var first = Ask(places, "busy");
        var waiting = new[] { "busy", "busy", "busy", "quick", "busy", "late", "quick" }.Select(session => Ask(places, session)).ToList();
        var order = new List<string>();
        for (var held = first; held is not null; held = waiting.SingleOrDefault(place => place.IsGranted))
        {
            waiting.Remove(held);
            if (held != first) order.Add(held.Session);
            held.Dispose();
        }

        Assert.Equal(["busy", "quick", "late", "busy", "quick", "busy", "busy"], order);
    }

    [Fact]
    public void No_minute_has_more_than_it_may_wherever_it_begins()
    {
        var window = new MinuteWindow(10, _time);
        var random = new Random(4711);
        var uses = new List<long>();
        var now = 0L;
        for (var step = 0; step < 2000; step++)
        {
            var wait = window.Wait();
            if (wait > TimeSpan.Zero && random.Next(3) > 0)
            {
                Advance(wait.TotalSeconds);
                Assert.Equal(TimeSpan.Zero, window.Wait());
            }
            else if (wait > TimeSpan.FromMilliseconds(20))
            {
                Advance(wait.TotalSeconds - 0.01);
                Assert.True(window.Wait() > TimeSpan.Zero);
                continue;
            }

            else if (wait > TimeSpan.Zero)
            {
                continue;
            }

            window.Add(1);
            uses.Add(now);
            Assert.True(uses.Count(at => at > now - 60_000) <= 10);
            Advance(random.NextDouble() * 8);
        }

        void Advance(double seconds)
        {
            var milliseconds = (long)Math.Max(1, Math.Ceiling(seconds * 1000));
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            now += milliseconds;
        }
    }

    [Fact]
    public void What_was_used_is_corrected_once_it_is_known()
    {
        var window = new MinuteWindow(100, _time);
        var use = window.Add(100);
        Assert.Equal(TimeSpan.FromMinutes(1), window.Wait());
        window.Correct(use, 40);
        Assert.Equal(TimeSpan.Zero, window.Wait());
        _time.Advance(TimeSpan.FromSeconds(30));
        window.Correct(use, 100);
        Assert.Equal(TimeSpan.FromSeconds(30), window.Wait());
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.Zero, window.Wait());
    }

    [Fact]
    public void Whatever_comes_and_goes_nobody_is_forgotten_and_nothing_leaks()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        using var places = new CallPlaces(3, _time);
        var limits = new ModelLimits(RequestsPerMinute: 5, TokensPerMinute: 1000);
        var alive = new List<CallPlace>();
        var woken = new HashSet<CallPlace>();
        var began = new List<DateTimeOffset>();
        for (var step = 0; step < 3000; step++)
        {
            var before = alive.Where(place => place.IsGranted).ToHashSet();
            switch (random.Next(4))
            {
                case 0 or 1:
                    CallPlace? asked = null;
                    asked = places.Ask("m", limits, $"s{random.Next(5)}", () => woken.Add(asked!));
                    alive.Add(asked);
                    break;
                case 2 when alive.Count > 0:
                    var place = alive[random.Next(alive.Count)];
                    if (place.IsGranted) place.Begin(random.Next(100));
                    if (place.IsGranted) place.End(random.Next(400));
                    alive.Remove(place);
                    place.Dispose();
                    place.Dispose();
                    break;
                default:
                    _time.Advance(TimeSpan.FromSeconds(random.Next(30)));
                    break;
            }

            began.AddRange(alive.Where(place => place.IsGranted && !before.Contains(place)).Select(_ => _time.GetUtcNow()));
            var what = $"Seed {seed}, step {step}";
            Assert.True(alive.Count(place => place.IsGranted) <= 3, what);
            Assert.True(began.Count(at => at > _time.GetUtcNow() - TimeSpan.FromMinutes(1)) <= 5, what);
            Assert.Equal([("m", alive.Count(place => place.IsGranted), alive.Count(place => !place.IsGranted))], places.Count().DefaultIfEmpty(("m", 0, 0)));
        }

        // With time and room everybody has a turn.
        while (alive.Count > 0)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            var granted = alive.Where(place => place.IsGranted).ToList();
            Assert.True(granted.Count > 0, $"Seed {seed}: {alive.Count} wait for ever.");
            foreach (var place in granted)
            {
                alive.Remove(place);
                place.Dispose();
            }
        }

        Assert.Equal([("m", 0, 0)], places.Count());
    }

    private static CallPlace Ask(CallPlaces places, string session) => places.Ask("m", ModelLimits.None, session, () => { });

    private static EngineFixture Engine(ModelLimits limits) => new(models: new GatedModels { IdleTimeout = TimeSpan.FromMinutes(10), Limits = { ["a"] = limits } });
}

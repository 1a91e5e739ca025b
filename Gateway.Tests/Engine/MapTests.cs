using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Workflows;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Bodies that are gone through once for each item of a list.</summary>
public sealed class MapTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public async Task Each_item_has_nodes_of_its_own_and_the_results_are_in_the_order_of_the_list()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Research("""{"over":"nodes.plan.json.topics","as":"topic","body":"search","max_parallel":2}"""));
        (await engine["plan"].NextCall()).Say("""{"topics":["tea",{"name":"coffee"},"milk"]}""").End();
        var first = await engine["search"].NextCall();
        var second = await engine["search"].NextCall();
        Assert.Equal(["0 of 3: tea", """1 of 3: {"name":"coffee"}"""], new[] { first, second }.Select(call => call.Messages[^1].Text).Order());
        var (tea, coffee) = first.Messages[^1].Text.EndsWith("tea", StringComparison.Ordinal) ? (first, second) : (second, first);
        coffee.Say("about coffee").End();
        var check = await engine["check"].NextCall();
        Assert.Contains("""# Topic""" + "\n" + """{"name":"coffee"}""", check.Messages[^1].Text, StringComparison.Ordinal);
        Assert.Contains("# search\nabout coffee", check.Messages[^1].Text, StringComparison.Ordinal);
        check.Say("""{"of":"coffee"}""").End();
        var milk = await engine["search"].NextCall();
        Assert.Equal("2 of 3: milk", milk.Messages[^1].Text);
        milk.Say("about milk").End();
        (await engine["check"].NextCall()).Say("milk is fine").End();
        tea.Say("about tea").End();
        (await engine["check"].NextCall()).Say("tea is fine").End();
        var sum = await engine["sum"].NextCall();
        Assert.Equal("""tea is fine; {"of":"coffee"}; milk is fine; coffee""", sum.Messages[^1].Text);
        sum.Say("all in all").End();

        Assert.Equal("all in all", (await engine.End()).Output);
        var snapshot = await engine.Snapshot();
        Assert.Equal("""{"items":3,"returned":3}""", snapshot.Nodes["each"].Result!.Value.GetRawText());
        Assert.Equal("""["tea",{"name":"coffee"},"milk"]""", snapshot.Nodes["each"].Given!.Value.GetRawText());
        Assert.Equal(["start", "plan", "each", "sum", "end", "search[0]", "check[0]", "search[1]", "check[1]", "search[2]", "check[2]"], snapshot.Nodes.Keys);
        Assert.All(snapshot.Nodes.Where(node => node.Key.EndsWith(']')), node => Assert.Equal((NodeStatus.Completed, node.Key[^2] - '0'), (node.Value.Status, node.Value.Item)));
        Assert.All(engine.Published.Of("s"), e => Assert.Equal(e.NodeId?.EndsWith(']') == true ? e.NodeId[^2] - '0' : null, ItemOf(e)));
        Assert.DoesNotContain(engine.Published.Of("s"), e => e.NodeId is "search" or "check");
    }

    [Fact]
    public async Task An_item_from_which_nothing_comes_back_is_null_and_does_not_hold_up_the_others()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Research("""{"over":"nodes.plan.json","body":"search"}""", sum: "{{ nodes.each.json | json }} {{ nodes.each.json.size }}", search: "{{ item }}"));
        (await engine["plan"].NextCall()).Say("""["a","b"]""").End();
        foreach (var call in (GatedCall[])[await engine["search"].NextCall(), await engine["search"].NextCall()])
        {
            if (call.Messages[^1].Text == "a") call.Throw(new HttpRequestException("Gone."));
            else call.Say("found").End();
        }

        (await engine["check"].NextCall()).Say("good").End();
        var sum = await engine["sum"].NextCall();
        Assert.Equal("""[null,"good"] 2""", sum.Messages[^1].Text);
        sum.Say("x").End();
        await engine.End();
        Assert.Equal("""{"items":2,"returned":1}""", (await engine.Snapshot()).Nodes["each"].Result!.Value.GetRawText());
    }

    [Theory]
    [InlineData("[]", NodeStatus.Completed, null)]
    [InlineData("""{"a":1}""", NodeStatus.Failed, "'nodes.plan.json' gives an object, not a list.")]
    [InlineData("no JSON", NodeStatus.Failed, "'nodes.plan.json' leads nowhere: the node has said nothing that is JSON.")]
    public async Task A_list_of_nothing_is_soon_done_and_what_is_no_list_fails_the_map(string said, string status, string? error)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Research("""{"over":"nodes.plan.json","body":"search"}""", sum: "Sum up."));
        (await engine["plan"].NextCall()).Say(said).End();
        if (error is null) (await engine["sum"].NextCall()).Say("x").End();
        await engine.End();

        var node = (await engine.Snapshot()).Nodes["each"];
        Assert.Equal((status, error), (node.Status, node.Error));
    }

    [Theory]
    [InlineData(1001, "The list has 1001 items, and a map goes over at most 1000; make it shorter, or let each item hold several things.")]
    [InlineData(100_000, "The list has 100000 items, and a map goes over at most 1000; make it shorter, or let each item hold several things.")]
    public async Task A_list_that_is_too_long_fails_the_map(int items, string error)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Research("""{"over":"nodes.plan.json","body":"search"}"""));
        (await engine["plan"].NextCall()).Say($"[{string.Join(',', Enumerable.Range(0, items))}]").End();

        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        var snapshot = await engine.Snapshot();
        Assert.Equal((NodeStatus.Failed, error), (snapshot.Nodes["each"].Status, snapshot.Nodes["each"].Error));
        Assert.Equal(5, snapshot.Nodes.Count);
    }

    [Fact]
    public async Task Each_item_asks_its_own_question_and_a_cancelled_map_leaves_nothing_open()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","agents":{"plan":{"model":"plan"}},"nodes":{"start":{"type":"start","next":"plan"},"plan":{"type":"agent","agent":"plan","next":"each"},
              "each":{"type":"map","with":{"over":"nodes.plan.json","body":"ask"},"next":"end"},
              "ask":{"type":"human_review","prompt":"{{ item }}?","with":{"actions":["approve","reject"]},"next":"each"},"end":{"type":"end"}}}
            """));
        (await engine["plan"].NextCall()).Say("""["a","b","c"]""").End();
        var asked = (SessionEvent<NodeStateChange>)await engine.Status("ask[1]", NodeStatus.Suspended);
        Assert.Equal(("ask[1]", "b?", 1), (asked.Data.Prompt!.PromptId, asked.Data.Prompt.Text, asked.Data.Item));
        await engine.Status("ask[2]", NodeStatus.Suspended);
        await engine.Say("reject: bad", "ask[1]");
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("approve", "ask[1]")));
        Assert.Equal(ErrorCode.UnknownPrompt, await EngineFixture.Refusal(() => engine.Say("approve", "ask")));
        await engine.Pause();
        await engine.Say("approve: good", nodeId: "ask[2]");
        await engine.Resume();
        Assert.Equal((NodeStatus.Completed, "good"), ((await engine.Snapshot()).Nodes["ask[2]"].Status, (await engine.Snapshot()).Nodes["ask[2]"].Text));
        await engine.Cancel();

        var nodes = (await engine.Snapshot()).Nodes;
        Assert.Equal((NodeStatus.Cancelled, NodeStatus.Cancelled, NodeStatus.Completed), (nodes["each"].Status, nodes["ask[0]"].Status, nodes["ask[1]"].Status));
    }

    [Fact]
    public async Task A_map_in_a_loop_goes_over_its_list_anew_and_one_in_a_map_has_items_of_items()
    {
        await using var engine = new EngineFixture();
        var workflow = Definitions.Of("""
            {"id":"t","agents":{"a":{"model":"a"}},"nodes":{"start":{"type":"start","next":"again"},
              "again":{"type":"loop","with":{"body":"outer","max_rounds":2},"next":"end"},
              "outer":{"type":"map","with":{"over":"input.lists","as":"list","body":"inner"},"next":"again"},
              "inner":{"type":"map","with":{"over":"list","body":"a"},"next":"outer"},
              "a":{"type":"agent","agent":"a","prompt":"{{ loop.round }} {{ list | json }} {{ item }}","next":"inner"},
              "end":{"type":"end","with":{"output":"{{ nodes.again.text }}"}}}}
            """);
        await Wait.For(engine.Host.StartAsync(EngineFixture.Header(workflow) with { InputMembers = JsonElement.Parse("""{"lists":[[1,2],[3]]}""") }, CancellationToken.None), "the start");
        for (var round = 1; round <= 2; round++)
        {
            var calls = new List<GatedCall> { await engine["a"].NextCall(), await engine["a"].NextCall(), await engine["a"].NextCall() };
            Assert.Equal([$"{round} [1,2] 1", $"{round} [1,2] 2", $"{round} [3] 3"], calls.Select(call => call.Messages[^1].Text).Order());
            foreach (var call in calls) call.Say(call.Messages[^1].Text).End();
        }

        Assert.Equal("2 [1,2] 1\n\n2 [1,2] 2\n\n2 [3] 3", (await engine.End()).Output);
        var nodes = (await engine.Snapshot()).Nodes;
        Assert.Equal(["a[0][0]", "a[0][1]", "a[1][0]"], nodes.Keys.Where(id => id[0] == 'a' && id != "again").Order());
        Assert.Equal((2, 1), (nodes["a[0][1]"].Iteration, nodes["a[0][1]"].Item));
    }

    [Fact]
    public void A_thousand_items_cost_a_bounded_decision_each_and_are_rebuilt_from_the_log()
    {
        var workflow = Definitions.Of("""
            {"id":"t","agents":{"a":{}},"nodes":{"start":{"type":"start","next":"each"},"each":{"type":"map","with":{"over":"input.list","body":"fork","max_parallel":1000},"next":"end"},
              "fork":{"type":"parallel","next":["a","b","c"]},"a":{"type":"parallel","next":"join"},"b":{"type":"parallel","next":"join"},"c":{"type":"agent","agent":"a","next":"join"},
              "join":{"type":"parallel","next":"each"},"end":{"type":"end"}}}
            """);
        var header = Play.HeaderOf(workflow) with { InputMembers = JsonElement.Parse($$"""{"list":[{{string.Join(',', Enumerable.Range(0, 1000))}}]}""") };
        var state = new SessionState(header, TestKinds.All);
        var events = new List<SessionEvent>();
        long most = 0;
        Decide(new EngineInput.Start());
        while (!state.IsFinal)
        {
            if (state.IsDue) Decide(new EngineInput.GoOn());
            else if (state.Nodes.First(node => node.Work is not null) is { } node) Decide(new EngineInput.WorkFinished(node.Id, node.Attempt, node.Iteration));
        }

        Assert.Equal((SessionStatus.Completed, """{"items":1000,"returned":1000}"""), (state.Status, state["each"].Result!.Value.GetRawText()));
        Assert.InRange(most, 1, 3_000_000);
        Assert.Equal(SchedulerPropertyTests.Json(state), SchedulerPropertyTests.Json(Play.Fold(header, events)));

        void Decide(EngineInput input)
        {
            var batch = new EventBatch(state, Now);
            Scheduler.Decide(batch, input);
            events.AddRange(batch.Events.Select(e => e.Event));
            most = Math.Max(most, state.Steps.Taken);
        }
    }

    [Theory]
    [InlineData("each", """{"with":{"body":"search"}}""", "nodes.each.with", "The key 'over' is missing; give it an expression.")]
    [InlineData("each", """{"with":{"over":"nodes.plan.json","body":"search","as":"nodes"}}""", "nodes.each.with.as", "'nodes' is no name for an item: that has letters, digits and '_', begins with a letter, and means nothing else in templates.")]
    [InlineData("each", """{"with":{"over":"nodes.search.json","body":"search"}}""", "nodes.each.with.over", "The path 'nodes.search.json' leads nowhere: there is one 'search' for each item of the map 'each'; read nodes.each.json, the list of what its items hand on.")]
    [InlineData("sum", """{"prompt":"{{ nodes.check.text }}"}""", "nodes.sum.prompt", "The path 'nodes.check.text' leads nowhere: there is one 'check' for each item of the map 'each'; read nodes.each.json, the list of what its items hand on.")]
    [InlineData("sum", """{"prompt":"{{ item }}"}""", "nodes.sum.prompt", "The path 'item' leads nowhere: paths begin with input, nodes, loop, conversation.")]
    [InlineData("search", """{"prompt":"{{ itm }}"}""", "nodes.search.prompt", "The path 'itm' leads nowhere: paths begin with input, nodes, loop, conversation, item, map; did you mean 'item'?")]
    [InlineData("search", """{"prompt":"{{ nodes.check.text }}"}""", "nodes.search.prompt", "The path 'nodes.check.text' leads nowhere: 'check' cannot have run before this node; name one that leads here.")]
    [InlineData("search", """{"prompt":"{{ loop.round }}"}""", "nodes.search.prompt", "The path 'loop.round' leads nowhere: only a loop and the nodes of its body have rounds.")]
    [InlineData("check", """{"next":"sum"}""", "nodes.check.next", "'sum' stands in no loop, and this node in the body of the map 'each'; a body is entered through its map, and left by leading back to it.")]
    public void One_mistake_is_one_problem(string node, string change, string path, string message)
    {
        var workflow = Research("""{"over":"nodes.plan.json","body":"search"}""", sum: "Sum.", search: "{{ item }} {{ item.name }} {{ map.index }}");
        Assert.Empty(TestKinds.Validator.Validate(workflow));
        var given = Definitions.Of($$"""{"nodes":{"x":{{change}}} }""").Nodes!["x"];
        var changed = workflow.Nodes![node] with { With = given.With ?? workflow.Nodes[node].With, Prompt = given.Prompt ?? workflow.Nodes[node].Prompt, Next = given.Next ?? workflow.Nodes[node].Next };

        var problems = TestKinds.Validator.Validate(workflow with { Nodes = workflow.Nodes.ToDictionary(n => n.Key, n => n.Key == node ? changed : n.Value) });

        Assert.Contains(new Gateway.Workflows.WorkflowProblem(path, message), problems);
    }

    private static int? ItemOf(SessionEvent e) => e switch
    {
        SessionEvent<NodeStateChange> { Data.Item: var item } => item,
        SessionEvent<TokenStream> { Data.Item: var item } => item,
        SessionEvent<TokenUsage> { Data.Item: var item } => item,
        SessionEvent<ParallelStart> { Data.Item: var item } => item,
        SessionEvent<ExecutionError> { Data.Item: var item } => item,
        _ => null,
    };

    private static WorkflowDefinition Research(string with, string sum = "{{ nodes.each.json | join: '; ' }}; {{ nodes.each.json[1].of }}", string search = "{{ map.index }} of {{ map.size }}: {{ topic }}") => Definitions.Of($$"""
        {"id":"t","agents":{"plan":{"model":"plan"},"search":{"model":"search"},"check":{"model":"check"},"sum":{"model":"sum"} },"nodes":{
          "start":{"type":"start","next":"plan"},"plan":{"type":"agent","agent":"plan","next":"each"},
          "each":{"type":"map","with":{{with}},"next":"sum"},
          "search":{"type":"agent","agent":"search","prompt":{{JsonSerializer.Serialize(search)}},"next":"check"},
          "check":{"type":"agent","agent":"check","next":"each"},
          "sum":{"type":"agent","agent":"sum","prompt":{{JsonSerializer.Serialize(sum)}},"next":"end"},"end":{"type":"end"} } }
        """);
}

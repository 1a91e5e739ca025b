using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Workflows;
using Gateway.Tools;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Agents that call tools, and what becomes of the calls.</summary>
public sealed class ToolTests
{
    private static readonly WorkflowDefinition Searcher = Definitions.Of("""
        {"id":"test","agents":{"a":{"model":"a","tools":["search","send"],"max_tool_rounds":2}},
         "nodes":{"start":{"type":"start","next":"a"},"a":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"}}}
        """);

    [Fact]
    public async Task What_the_model_calls_is_called_and_it_goes_on_with_the_result()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher);
        var first = await engine["a"].NextCall();
        Assert.Equal(["search", "send"], first.Options!.Tools!.Select(tool => tool.Name));
        Assert.All(first.Options.Tools!, tool => Assert.IsNotAssignableFrom<AIFunction>(tool));
        first.Say("Let me look. ").Send(Call("search", """{"query":"tea"}""")).End(ChatFinishReason.ToolCalls);

        var call = await engine.Tools.NextCall();
        Assert.Equal(("search", """{"query":"tea"}""", "a.1.1"), (call.Invocation.Name, call.Arguments, call.Invocation.Context.CallId));
        call.Return("Tea is green.");

        var second = await engine["a"].NextCall();
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool], second.Messages.Select(message => message.Role));
        Assert.Equal("Let me look. ", second.Messages[1].Text);
        var asked = Assert.Single(second.Messages[1].Contents.OfType<FunctionCallContent>());
        var answered = Assert.IsType<FunctionResultContent>(Assert.Single(second.Messages[2].Contents));
        Assert.Equal(("search", "call01001", "call01001", "Tea is green."), (asked.Name, asked.CallId, answered.CallId, answered.Result));
        second.Say("It is green.").End();

        // What it hands on is what it said in the end; everything else is there to be seen.
        Assert.Equal("It is green.", (await engine.End()).Output);
        Assert.Equal(["a: Let me look. ", "a usage", "a search running", "a search completed: Tea is green.", "a: It is green.", "a usage", "a completed"], engine.Story().SkipWhile(line => line != "a: Let me look. ").Take(7));
        var node = (await engine.Snapshot()).Nodes["a"];
        Assert.Equal(("Let me look. It is green.", null), (node.Text, node.Thinking));
        var told = Assert.Single(node.Tools!);
        Assert.Equal(("a.1.1", "search", ToolCallStatus.Completed, "tea", "Tea is green."), (told.CallId, told.Name, told.Status, told.Arguments!.Value.GetProperty("query").GetString(), told.Result));
    }

    [Fact]
    public async Task Calls_of_one_answer_run_side_by_side_and_are_answered_in_their_order()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher);
        (await engine["a"].NextCall()).Send(Call("search", """{"n":1}""")).Send(Call("send", """{"n":2}""")).End(ChatFinishReason.ToolCalls);
        var calls = await engine.Tools.NextCalls(2);
        calls["send"].Return("sent");
        await Seen(engine, "send", ToolCallStatus.Completed);
        calls["search"].Return("found");

        var second = await engine["a"].NextCall();
        Assert.Equal(["found", "sent"], second.Messages[^1].Contents.Cast<FunctionResultContent>().Select(result => result.Result));
        second.End();
        await engine.End();
    }

    [Fact]
    public async Task A_tool_that_fails_or_is_not_there_is_for_the_model_to_hear()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher);
        (await engine["a"].NextCall()).Send(Call("delete_all", "{}")).Send(Call("search", "{}")).Send(new FunctionCallContent("x", "send") { Exception = new JsonException("no"), RawRepresentation = "{\"to\":" }).End(ChatFinishReason.ToolCalls);
        (await engine.Tools.NextCall()).Throw(new ToolException("The index is being built."));

        var second = await engine["a"].NextCall();
        Assert.Equal(
            ["There is no tool 'delete_all' here; there are search, send.", "The index is being built.", "The arguments are not a JSON object of at most 32 levels."],
            second.Messages[^1].Contents.Cast<FunctionResultContent>().Select(result => result.Result));
        second.Say("I could not find out.").End();
        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
        Assert.Equal(1, engine.Tools.Calls);
        Assert.Equal("""{"to":""", (await engine.Snapshot()).Nodes["a"].Tools![2].Arguments!.Value.GetString());
    }

    [Fact]
    public async Task After_its_rounds_an_agent_must_answer()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher);
        for (var round = 1; round <= 2; round++)
        {
            var call = await engine["a"].NextCall();
            Assert.Null(call.Options!.ToolMode);
            call.Send(Call("search", $$"""{"round":{{round}}}""")).End(ChatFinishReason.ToolCalls);
            (await engine.Tools.NextCall()).Return($"result {round}");
        }

        var last = await engine["a"].NextCall();
        Assert.Equal(ChatToolMode.None, last.Options!.ToolMode);
        Assert.Equal(["result 1", "result 2"], last.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result));
        last.Send(Call("search", "{}")).End(ChatFinishReason.ToolCalls);

        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Contains("has used up its rounds of tools; give the agent more 'max_tool_rounds', or tell it when to stop.", (await engine.Snapshot()).Nodes["a"].Error, StringComparison.Ordinal);
        Assert.Equal([null, 2], (await engine.Snapshot()).Nodes["a"].Tools!.Select(call => call.Round));
    }

    [Fact]
    public async Task A_tool_that_does_not_answer_in_time_is_stopped_and_the_clock_stands_still_in_a_pause()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher);
        (await engine["a"].NextCall()).Send(Call("search", "{}")).End(ChatFinishReason.ToolCalls);
        var call = await engine.Tools.NextCall();
        call.IsStubborn = true;
        engine.Time.Advance(TimeSpan.FromSeconds(50));
        await engine.Pause();
        await engine.Snapshot();
        engine.Time.Advance(TimeSpan.FromHours(1));
        await engine.Resume();
        await engine.Snapshot();
        engine.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.DoesNotContain("a search failed", string.Join('\n', engine.Story()), StringComparison.Ordinal);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        await call.Cancelled();

        var second = await engine["a"].NextCall();
        Assert.Equal("The tool 'search' did not answer within 60 seconds.", Assert.IsType<FunctionResultContent>(second.Messages[^1].Contents[0]).Result);
        second.End();
        await engine.End();
        call.Return("too late");
    }

    [Fact]
    public async Task What_comes_during_a_pause_is_shown_afterwards_and_the_call_is_made_once()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher);
        (await engine["a"].NextCall()).Send(Call("search", "{}")).End(ChatFinishReason.ToolCalls);
        var call = await engine.Tools.NextCall();
        await engine.Pause();
        call.Return("found");
        await engine.Snapshot();
        Assert.Equal("paused user_requested", engine.Story()[^1]);
        await engine.Resume();

        (await engine["a"].NextCall()).End();
        await engine.End();
        Assert.Equal(["paused user_requested", "a running", "a search completed: found"], engine.Story().SkipWhile(line => line != "paused user_requested").Take(3));
        Assert.Equal(1, engine.Tools.Calls);
    }

    [Fact]
    public async Task A_session_that_ends_stops_its_calls()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher);
        (await engine["a"].NextCall()).Send(Call("search", "{}")).End(ChatFinishReason.ToolCalls);
        var call = await engine.Tools.NextCall();
        await engine.Cancel();
        await call.Cancelled();
        Assert.Equal(SessionStatus.Cancelled, (await engine.End()).Status);
    }

    [Fact]
    public async Task After_a_crash_a_call_without_a_result_is_made_again_with_its_key_and_one_with_a_result_is_not()
    {
        var (log, models, tools) = (new FaultyLog(), new GatedModels { IdleTimeout = TimeSpan.FromMinutes(1) }, new GatedTools());
        string key;
        await using (var before = new EngineFixture(log, models, tools: tools))
        {
            await before.Start(Searcher);
            (await models["a"].NextCall()).Say("Looking.").Send(Call("search", """{"n":1}""")).Send(Call("send", """{"n":2}""")).End(ChatFinishReason.ToolCalls);
            var calls = await tools.NextCalls(2);
            calls["search"].Return("found");
            await Seen(before, "search", ToolCallStatus.Completed);
            key = calls["send"].Key;
        }

        await using var after = new EngineFixture(log, models, tools: tools);
        await after.Host.RecoverAsync(CancellationToken.None);
        var again = await tools.NextCall();
        Assert.Equal(("send", key, 2), (again.Invocation.Name, again.Key, again.Invocation.Context.Attempt));
        Assert.Equal("s/20260102030405000/a.1.2", key);
        again.Return("sent");
        var second = await models["a"].NextCall();
        Assert.Equal(["found", "sent"], second.Messages[^1].Contents.Cast<FunctionResultContent>().Select(result => result.Result));
        second.Say("Done.").End();

        Assert.Equal("Done.", (await after.End()).Output);
        Assert.Equal(3, tools.Calls);
    }

    [Fact]
    public async Task A_model_that_fails_after_its_calls_goes_on_after_them()
    {
        var (log, models, tools) = (new FaultyLog(), new GatedModels { IdleTimeout = TimeSpan.FromMinutes(1) }, new GatedTools());
        await using (var before = new EngineFixture(log, models, tools: tools))
        {
            await before.Start(Searcher);
            (await models["a"].NextCall()).Send(Call("search", "{}")).End(ChatFinishReason.ToolCalls);
            (await tools.NextCall()).Return("found");
            (await models["a"].NextCall()).Say("Half an ");
            await before.Chunk("Half an ");
        }

        await using var after = new EngineFixture(log, models, tools: tools);
        await after.Host.RecoverAsync(CancellationToken.None);
        var again = await models["a"].NextCall();
        Assert.Equal("found", Assert.IsType<FunctionResultContent>(again.Messages[^1].Contents[0]).Result);
        again.Say("An answer.").End();
        Assert.Equal("An answer.", (await after.End()).Output);
        Assert.Equal(1, tools.Calls);
    }

    [Theory]
    [InlineData(5000, "x")]
    [InlineData(999, "\ud83d")]
    [InlineData(1, "\0\u0001\ud83d\ude00\"</script>\u2028")]
    public async Task A_result_of_any_kind_is_kept_as_far_as_there_is_room(int count, string piece)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher);
        var hostile = string.Concat(Enumerable.Repeat(piece, count));
        (await engine["a"].NextCall()).Send(Call("search", "{}")).End(ChatFinishReason.ToolCalls);
        (await engine.Tools.NextCall()).Return(hostile);
        var second = await engine["a"].NextCall();
        second.End();
        await engine.End();

        var told = Assert.Single((await engine.Snapshot()).Nodes["a"].Tools!);
        Assert.True(told.Result!.Length <= 1000);
        Assert.Equal(hostile.Length > 1000 ? hostile.Length : null, told.ResultLength);
        Assert.Equal(told.Result, string.Concat(told.Result.EnumerateRunes()));
        var given = (string)Assert.IsType<FunctionResultContent>(second.Messages[^1].Contents[0]).Result!;
        Assert.StartsWith(told.Result, given, StringComparison.Ordinal);
        Assert.Equal(hostile.Length > 1000, given.EndsWith($"[cut here; the result has {hostile.Length} characters]", StringComparison.Ordinal));

        // What is read back from the log is what was shown.
        var logged = (await engine.Log.Inner.ReadAsync("s", 0, 1000, CancellationToken.None)).Select(entry => new Gateway.Log.LoggedEvent(entry.Seq, entry.Json).Event);
        Assert.Contains(logged, e => e is SessionEvent<TokenStream> { Data.Tool: { Status: ToolCallStatus.Completed } call } && call.Result == told.Result);
    }

    [Fact]
    public async Task Arguments_that_are_too_long_or_too_deep_are_not_sent_and_can_be_read_back()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher);
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40);
        (await engine["a"].NextCall()).Send(Call("search", $$"""{"query":"{{new string('x', 2000)}}"}""")).Send(Call("send", deep)).End(ChatFinishReason.ToolCalls);
        var second = await engine["a"].NextCall();
        Assert.Equal(["The arguments have 2012 characters, and at most 1000 are taken.", "The arguments are not a JSON object of at most 32 levels."], second.Messages[^1].Contents.Cast<FunctionResultContent>().Select(result => result.Result));
        second.End();
        await engine.End();
        Assert.Equal(0, engine.Tools.Calls);
        Assert.Equal(2012, (await engine.Snapshot()).Nodes["a"].Tools![0].ArgumentsLength);
    }

    [Fact]
    public async Task An_agent_whose_tools_cannot_be_had_fails_with_the_reason()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Searcher with { Agents = new Dictionary<string, AgentDefinition> { ["a"] = new() { Model = "a", Tools = ["no_such"] } } });
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        var end = await engine.Snapshot();
        Assert.Equal((ErrorCode.ToolUnavailable, "There is no tool 'no_such'."), (end.ErrorCode, end.Error));
    }

    [Fact]
    public async Task A_node_may_give_its_agent_other_tools()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"test","agents":{"a":{"model":"a","tools":["search"]}},
             "nodes":{"start":{"type":"start","next":"a"},"a":{"type":"agent","agent":"a","next":"end","with":{"tools":["send"],"max_tool_rounds":0}},"end":{"type":"end"}}}
            """));
        var call = await engine["a"].NextCall();
        Assert.Equal("send", Assert.Single(call.Options!.Tools!).Name);
        Assert.Equal(ChatToolMode.None, call.Options.ToolMode);
        call.End();
        await engine.End();
    }

    [Fact]
    public async Task In_a_loop_each_round_calls_anew_under_names_of_its_own()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"test","agents":{"a":{"model":"a","tools":["search"]}},
             "nodes":{"start":{"type":"start","next":"loop"},"loop":{"type":"loop","next":"end","with":{"body":"a","max_rounds":2}},"a":{"type":"agent","agent":"a","next":"loop"},"end":{"type":"end"}}}
            """));
        var names = new List<string>();
        for (var round = 1; round <= 2; round++)
        {
            (await engine["a"].NextCall()).Send(Call("search", "{}")).End(ChatFinishReason.ToolCalls);
            var call = await engine.Tools.NextCall();
            names.Add(call.Invocation.Context.CallId);
            call.Return("found");
            var last = await engine["a"].NextCall();
            Assert.Single(last.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>());
            last.Say($"round {round}").End();
        }

        Assert.Equal("round 2", (await engine.End()).Output);
        Assert.Equal(["a.1.1", "a.2.1.1"], names);
        Assert.Equal("a.2.1.1", Assert.Single((await engine.Snapshot()).Nodes["a"].Tools!).CallId);
    }

    internal static FunctionCallContent Call(string name, string arguments) =>
        new($"id-{name}", name, JsonElement.Parse(arguments, new JsonDocumentOptions { MaxDepth = 100 }).EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value));

    internal static Task<SessionEvent> Seen(EngineFixture engine, string tool, string status) =>
        engine.Published.Seen(e => e is SessionEvent<TokenStream> { Data.Tool: { } call } && call.Name == tool && call.Status == status, $"{tool} {status}");
}

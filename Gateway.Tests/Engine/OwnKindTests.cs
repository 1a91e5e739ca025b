using System.Net;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log.Memory;
using Gateway.Log.Sqlite;
using Gateway.Models;
using Gateway.Tests.Crash;
using Gateway.Tests.Crash.Child;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Mono.Cecil;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>A node kind that a host adds is as good as one of the gateway's own.</summary>
public sealed class OwnKindTests : IDisposable
{
    private const string Sum = "sum";

    private readonly TempFolder _folder = new();
    private readonly GatedModels _models = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_own_kind_uses_nothing_that_is_internal_to_the_gateway()
    {
        using var module = ModuleDefinition.ReadModule(typeof(WaitForAllTokens).Assembly.Location, new ReaderParameters { AssemblyResolver = Beside() });
        foreach (var kind in new[] { typeof(WaitForAllTokens), typeof(Route) })
        {
            var type = module.GetType(kind.FullName);
            var operands = type.NestedTypes.Append(type).SelectMany(t => t.Methods).Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).Select(instruction => instruction.Operand);
            var used = operands.OfType<MethodReference>().Where(method => method.DeclaringType.Scope.Name == "Gateway").Select(method => method.Resolve()).ToList();

            Assert.True(type.BaseType.Resolve().IsPublic);
            Assert.NotEmpty(used);
            Assert.All(used, method => Assert.True(method.DeclaringType.IsPublic && (method.IsPublic || method.IsFamily), $"{kind.Name} uses {method.FullName}, which is internal."));
        }
    }

    [Fact]
    public void The_seam_for_kinds_has_only_public_types_in_its_signatures()
    {
        foreach (var type in new[] { typeof(INodeKind), typeof(INodeShape), typeof(NodeKind), typeof(NodeContext), typeof(NodeView), typeof(NodeWork), typeof(AgentCall), typeof(NodeOutput), typeof(NodeFailure), typeof(Readiness), typeof(NodeRules), typeof(NodeCheck), typeof(WithKey) })
        {
            Assert.True(type.IsPublic, type.Name);
            var named = type.GetMethods().SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType));
            Assert.All(named, used => Assert.True(used.IsVisible, $"{type.Name} names {used}, which is not public."));
        }
    }

    [Fact]
    public async Task It_runs_in_a_session_and_what_it_hands_on_is_told_to_agents_and_becomes_the_output()
    {
        await using var gateway = await StartAsync();
        await gateway.StartSessionAsync("s-1", Council(last: true));
        await using var raw = await Watching.RawAsync(gateway, "s-1");
        (await _models["a"].NextCall()).Say("tea").End();
        await raw.UntilAsync<NodeStateChange>(change => change is { NodeId: "a", Status: NodeStatus.Completed });
        (await _models["b"].NextCall()).Say("coffee").End();

        // The third branch is still at work.
        var slow = await _models["c"].NextCall();
        var sum = await _models[Sum].NextCall();
        Assert.Contains("tea", sum.Messages[^1].Text, StringComparison.Ordinal);
        sum.Say("both").End();
        var last = await _models["last"].NextCall();
        Assert.Contains("# Sum of 2\nboth", last.Messages[^1].Text, StringComparison.Ordinal);
        last.Say("done").End();
        slow.Say("water").End();

        Assert.Equal("done", (await raw.UntilAsync<ExecutionCompleted>()).Data.Output);
    }

    [Fact]
    public async Task It_pauses_in_mid_sentence_and_goes_on_with_the_next_token()
    {
        await using var gateway = await StartAsync();
        await gateway.StartSessionAsync("s-1", Council());
        await using var raw = await Watching.RawAsync(gateway, "s-1");
        var sum = await ReachSumAsync();
        sum.Say("to");
        await raw.UntilAsync<TokenStream>(token => token.Chunk == "to");

        Assert.Equal(HttpStatusCode.OK, await gateway.CommandAsync("s-1", "pause"));
        sum.Say("gether").End();
        Assert.Equal((SessionStatus.Paused, "to"), Of(await gateway.SnapshotAsync("s-1")));
        Assert.Equal(HttpStatusCode.OK, await gateway.CommandAsync("s-1", "resume"));

        (await _models["c"].NextCall()).End();
        Assert.Equal("together", (await raw.UntilAsync<ExecutionCompleted>()).Data.Output);
        Assert.Equal(1, _models[Sum].Calls);
    }

    [Fact]
    public async Task It_asks_a_user_where_its_model_fails_and_refuses_an_answer_that_does_not_fit()
    {
        await using var gateway = await StartAsync();
        await gateway.StartSessionAsync("s-1", Council());
        await using var raw = await Watching.RawAsync(gateway, "s-1");
        var sum = await ReachSumAsync();
        (await _models["c"].NextCall()).End();
        sum.Say("half").Throw(new HttpRequestException("Gone."));
        var prompt = (await raw.UntilAsync<NodeStateChange>(change => change.Status == NodeStatus.Suspended)).Data.Prompt!;
        Assert.StartsWith("The model failed (model_error). How would you sum up a and b", prompt.Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, await gateway.SayAsync("s-1", "  ", prompt.PromptId));
        Assert.Equal(HttpStatusCode.OK, await gateway.SayAsync("s-1", "by hand", prompt.PromptId));

        Assert.Equal("by hand", (await raw.UntilAsync<ExecutionCompleted>()).Data.Output);
        Assert.Equal(HttpStatusCode.Conflict, await gateway.SayAsync("s-1", "too late", prompt.PromptId));
    }

    [Fact]
    public async Task After_kill_9_it_runs_again_in_a_new_attempt_and_what_had_finished_stays()
    {
        // More tokens than one append holds, so that the fifth is not in the last one.
        var script = new AgentScript(Sum, 600);
        await using var lives = new GatewayLives();
        var first = lives.Start(new CrashPoint(CrashMoment.After, CrashKind.Token, 5));
        await using var hub = await HubClients.ConnectAsync(lives);
        var events = ReadAsync();
        first.Go();
        await Wait.For(Task.WhenAny(first.Exited, events), "the death of the gateway");
        Assert.True(first.WasKilled, first.Words);
        long last;
        using (var copy = new LogCopy(lives.Folder))
        {
            var state = await copy.FoldAsync("killed");
            last = state.LastSeq;
            Assert.Equal((NodeStatus.Running, 1), (state[Sum].Status, state[Sum].Attempt));
        }

        lives.Start(null).Go();
        var seen = await Wait.For(events, "the end of the session");

        Assert.Equal(script.Text, Assert.IsType<SessionEvent<ExecutionCompleted>>(seen[^1]).Data.Output);
        var again = Assert.IsType<SessionEvent<NodeStateChange>>(seen.First(sessionEvent => sessionEvent.Seq == last + 1)).Data;
        Assert.Equal((Sum, NodeStatus.Running, 2), (again.NodeId, again.Status, again.Attempt));
        Assert.DoesNotContain(seen, sessionEvent => sessionEvent.Seq > last && sessionEvent.NodeId is "a" or "b");

        // The third branch waits for its user through both lives.
        async Task<List<SessionEvent>> ReadAsync()
        {
            var all = new List<SessionEvent>();
            var waits = 0;
            await foreach (var sessionEvent in hub.StartAndReadAsync(new StartSession { SessionId = "killed", Workflow = Reviewers(script), Subject = AgentScript.InputOf("killed") }, Cancel))
            {
                all.Add(sessionEvent);
                if (sessionEvent is not SessionEvent<ExecutionPaused>) continue;
                foreach (var node in waits++ == 0 ? new[] { "a", "b" } : ["c"])
                {
                    await HubClients.InsistAsync(() => hub.UserInputAsync("killed", "yes", nodeId: node), ErrorCode.PromptAnswered, ErrorCode.SessionFinished);
                }
            }

            return all;
        }
    }

    [Fact]
    public async Task A_gateway_without_the_kind_leaves_its_sessions_to_one_that_has_it()
    {
        await using (var gateway = await StartAsync())
        {
            await gateway.StartSessionAsync("s-1", Council());
            await ReachSumAsync();
            await _models["c"].NextCall();
        }

        await using (var gateway = await StartAsync(withKind: false))
        {
            gateway.Log.Announce("Session s-1 cannot be recovered");
            Assert.Equal(NodeStatus.Completed, (await gateway.SnapshotAsync("s-1")).Nodes["a"].Status);
            using var http = gateway.CreateClient();
            using var refusal = await http.PostAsync(new Uri("/api/v1/sessions/s-1/resume", UriKind.Relative), null, Cancel);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refusal.StatusCode);
            Assert.Contains("Node 'sum' of session 's-1' has the type 'wait_for_all_tokens', which this gateway does not have.", await refusal.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        await using (var gateway = await StartAsync())
        {
            await using var raw = await Watching.RawAsync(gateway, "s-1");
            (await _models[Sum].NextCall()).Say("again").End();
            (await _models["c"].NextCall()).End();
            Assert.Equal("again", (await raw.UntilAsync<ExecutionCompleted>()).Data.Output);
        }
    }

    [Fact]
    public async Task Two_kinds_of_one_type_keep_the_gateway_from_starting()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddNodeKind<WaitForAllTokens>();
        builder.Configuration["Gateway:Storage:Provider"] = MemoryStoreServices.Provider;
        builder.Logging.ClearProviders();
        builder.AddGateway();
        builder.Services.AddNodeKind<WaitForAllTokens>();
        await using var app = builder.Build();

        var exception = await Assert.ThrowsAsync<NodeShapeException>(() => app.StartAsync(Cancel));

        Assert.Equal("Two node kinds have the type 'wait_for_all_tokens': WaitForAllTokens and WaitForAllTokens. Register one of them, once.", exception.Message);
    }

    [Fact]
    public async Task A_branch_that_a_kind_does_not_take_is_skipped()
    {
        await using var engine = new EngineFixture();
        var workflow = SampleWorkflows.Of(("start", NodeType.Start, ["way"]), ("way", Route.TypeName, ["a", "b"]), ("a", NodeType.Agent, ["end"]), ("b", NodeType.Agent, ["end"]), ("end", NodeType.End, []));
        await engine.Start(workflow with { Nodes = new Dictionary<string, NodeDefinition>(workflow.Nodes!) { ["way"] = workflow.Nodes!["way"] with { With = JsonElement.Parse("""{"to":"b"}""") } } });
        (await engine.Models["b"].NextCall()).Say("taken").End();

        Assert.Equal("taken", (await engine.End()).Output);
        Assert.Contains("a skipped", engine.Story());
    }

    private Task<GatewayFixture> StartAsync(bool withKind = true) => CustomFixture.StartAsync(
        new() { ["Gateway:Storage:Provider"] = SqliteStoreServices.Provider, ["Gateway:Storage:Path"] = _folder.At("gateway.db") },
        services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IModelCatalog>(_models));
            if (withKind) services.AddNodeKind<WaitForAllTokens>();
        });

    // The two branches that it waits for end; returns the call of its own model.
    private async Task<GatedCall> ReachSumAsync()
    {
        (await _models["a"].NextCall()).Say("tea").End();
        (await _models["b"].NextCall()).Say("coffee").End();
        return await _models[Sum].NextCall();
    }

    private static (string Status, string Text) Of(SessionSnapshot snapshot) => (snapshot.Status, snapshot.Nodes[Sum].Text);

    // Three branches, of which two suffice.
    private static WorkflowDefinition Council(bool last = false)
    {
        var nodes = new Dictionary<string, NodeDefinition>
        {
            ["start"] = new() { Type = NodeType.Start, Next = ["fork"] },
            ["fork"] = new() { Type = NodeType.Parallel, Next = ["a", "b", "c"] },
            ["a"] = new() { Type = NodeType.Agent, Agent = "a", Next = [Sum] },
            ["b"] = new() { Type = NodeType.Agent, Agent = "b", Next = [Sum] },
            ["c"] = new() { Type = NodeType.Agent, Agent = "c", Next = [Sum] },
            [Sum] = new() { Type = WaitForAllTokens.TypeName, Agent = Sum, With = JsonElement.Parse("""{"tokens":2}"""), Next = [last ? "last" : "end"] },
            ["end"] = new() { Type = NodeType.End },
        };
        if (last) nodes["last"] = new() { Type = NodeType.Agent, Agent = "last", Next = ["end"] };
        return new() { Id = "council", Agents = nodes.Values.Select(node => node.Agent).OfType<string>().ToDictionary(agent => agent, agent => new AgentDefinition { Model = agent }), Nodes = nodes };
    }

    // Its branches are people, so that the only model is its own.
    private static WorkflowDefinition Reviewers(AgentScript script)
    {
        var council = Council();
        return council with
        {
            Agents = new Dictionary<string, AgentDefinition> { [Sum] = script.ToAgent() },
            Nodes = council.Nodes!.ToDictionary(node => node.Key, node => node.Value.Type == NodeType.Agent ? node.Value with { Type = NodeType.HumanReview, Agent = null, Prompt = "Good?" } : node.Value),
        };
    }

    private static DefaultAssemblyResolver Beside()
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        return resolver;
    }
}

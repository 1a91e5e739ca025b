using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>The reducer, event by event.</summary>
public class SessionStateTests
{
    private static readonly SessionHeader Header = EngineFixture.Header(SampleWorkflows.Quick);

    [Fact]
    public void A_higher_attempt_voids_text_reasoning_and_error()
    {
        var state = new SessionState(Header, TestKinds.All);
        Apply(state, 1, new NodeStateChange { SessionId = "s", NodeId = "a", Status = NodeStatus.Running });
        Apply(state, 2, Token("tea", thinking: false));
        Apply(state, 3, Token("hm", thinking: true));
        Apply(state, 4, new ExecutionError { SessionId = "s", NodeId = "a", Code = ErrorCode.ModelError, Error = "broke off" });
        Assert.Equal(("tea", "hm", "broke off"), (state["a"].Text.ToString(), state["a"].Thinking.ToString(), state["a"].Error));

        Apply(state, 5, new NodeStateChange { SessionId = "s", NodeId = "a", Status = NodeStatus.Running, Attempt = 2 });
        Assert.Equal(new NodeSnapshot { Status = NodeStatus.Running, Text = string.Empty, Attempt = 2 }, state.ToSnapshot().Nodes["a"]);
        Assert.Equal("broke off", state.Error);
    }

    [Fact]
    public void The_same_attempt_keeps_the_text()
    {
        var state = new SessionState(Header, TestKinds.All);
        Apply(state, 1, Token("tea", thinking: false));
        Apply(state, 2, new NodeStateChange { SessionId = "s", NodeId = "a", Status = NodeStatus.Running });
        Assert.Equal("tea", state["a"].Text.ToString());
    }

    [Fact]
    public void Running_ends_a_pause()
    {
        var state = new SessionState(Header, TestKinds.All);
        Apply(state, 1, new ExecutionPaused { SessionId = "s", Reason = PauseReason.UserRequested });
        Assert.Equal((SessionStatus.Paused, PauseReason.UserRequested), (state.Status, state.PauseReason));
        Apply(state, 2, new NodeStateChange { SessionId = "s", NodeId = "a", Status = NodeStatus.Running });
        Assert.Equal((SessionStatus.Running, null), (state.Status, state.PauseReason));
    }

    [Fact]
    public void Events_out_of_order_of_unknown_nodes_or_after_the_end_are_damage()
    {
        var state = new SessionState(Header, TestKinds.All);
        Apply(state, 5, Token("tea", thinking: false));
        Assert.Throws<DamagedLogException>(() => Apply(state, 5, Token("tea", thinking: false)));
        Assert.Throws<DamagedLogException>(() => Apply(state, 6, Token("tea", thinking: false) with { NodeId = "nope" }));
        Apply(state, 6, new ExecutionCompleted { SessionId = "s", Status = SessionStatus.Completed, Totals = Totals.Zero });
        Assert.Throws<DamagedLogException>(() => Apply(state, 7, Token("tea", thinking: false)));
    }

    private static TokenStream Token(string text, bool thinking) => new() { SessionId = "s", NodeId = "a", AgentId = "a", Chunk = text, IsThinking = thinking };

    private static void Apply<TData>(SessionState state, long seq, TData data)
        where TData : class, IEventData =>
        state.Apply(new SessionEvent<TData> { Seq = seq, Timestamp = Header.CreatedAt.AddTicks(seq), NodeId = data.NodeId, Data = data });
}

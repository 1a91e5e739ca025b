using Gateway.Client.Stores;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Client.Stores;

/// <summary>The times that a run store shows.</summary>
public sealed class RunTimeTests
{
    private static readonly DateTime Begin = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly WorkflowRunStore _store = new();
    private long _seq;

    [Fact]
    public void Clocks_stand_still_while_the_session_is_paused()
    {
        Say(0, Change("a", NodeStatus.Pending));
        Say(1, Change("a", NodeStatus.Running));
        Say(3, new ExecutionPaused { SessionId = "s", Reason = PauseReason.UserRequested });
        Assert.Equal((2, 3), (Node("a", 60), Session(60)));

        Say(60, Change("a", NodeStatus.Running));
        Assert.Equal((7, 8), (Node("a", 65), Session(65)));
        Say(70, Change("a", NodeStatus.Completed));
        Assert.Equal((12, 93), (Node("a", 150), Session(150)));
    }

    [Fact]
    public void A_resume_sets_every_clock_going_that_a_pause_stopped()
    {
        Say(0, Change("a", NodeStatus.Running));
        Say(0, Change("b", NodeStatus.Running));
        Say(5, new ExecutionPaused { SessionId = "s", Reason = PauseReason.UserRequested });
        Say(10, Change("a", NodeStatus.Running));

        Assert.Equal((7, 7), (Node("a", 12), Node("b", 12)));
    }

    [Fact]
    public void Waiting_for_a_user_is_no_work()
    {
        Say(0, Change("a", NodeStatus.Running));
        Say(2, Change("a", NodeStatus.Suspended) with { Prompt = new Prompt { PromptId = "p", Text = "And?" } });
        Say(2, new ExecutionPaused { SessionId = "s", Reason = PauseReason.AwaitingInput });
        Assert.Equal((2, 2), (Node("a", 100), Session(100)));
        Assert.Equal("p", Assert.Single(_store.OpenPrompts).Prompt!.PromptId);

        Say(100, Change("a", NodeStatus.Running));
        Say(103, Change("a", NodeStatus.Completed));
        Assert.Equal((5, 5), (Node("a", 200), Session(103)));
        Assert.Empty(_store.OpenPrompts);
    }

    [Fact]
    public void Nothing_runs_on_after_the_end()
    {
        Say(0, Change("a", NodeStatus.Running));
        Say(4, new ExecutionCompleted { SessionId = "s", Status = SessionStatus.Cancelled, Totals = Totals.Zero });

        Assert.Equal((4, 4), (Node("a", 100), Session(100)));
        Assert.True(_store.IsOver);
    }

    private int Node(string id, int second) => (int)_store.Find(id)!.Elapsed(Begin.AddSeconds(second)).TotalSeconds;

    private int Session(int second) => (int)_store.Elapsed(Begin.AddSeconds(second)).TotalSeconds;

    private static NodeStateChange Change(string node, string status) => new() { SessionId = "s", NodeId = node, Status = status };

    private void Say<TData>(int second, TData data)
        where TData : class, IEventData =>
        Assert.True(_store.Apply(new SessionEvent<TData> { Data = data, NodeId = data.NodeId, Seq = ++_seq, Timestamp = Begin.AddSeconds(second) }));
}

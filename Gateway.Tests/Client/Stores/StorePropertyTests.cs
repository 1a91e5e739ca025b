using Gateway.Client.Stores;
using Gateway.Contracts;
using Gateway.Tests.Engine;
using Xunit;

namespace Gateway.Tests.Client.Stores;

/// <summary>The stores fold random sessions to what the engine's own fold of them shows.</summary>
public sealed class StorePropertyTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public void Run_store_shows_what_the_engine_knows_after_every_event() => Plays.ForAll(200, play =>
    {
        var store = new WorkflowRunStore();
        var state = new Gateway.Engine.SessionState(play.Header, Engine.OwnKinds.TestKinds.All);
        foreach (var sessionEvent in play.Events)
        {
            store.Apply(sessionEvent);
            state.Apply(sessionEvent);
            AssertSame(state.ToSnapshot(), store);
            Assert.Equal(state.OpenPrompts.Select(node => node.Id), store.OpenPrompts.Select(node => node.Id));
        }
    });

    [Fact]
    public void Session_store_shows_every_word_after_every_event() => Plays.ForAll(200, play =>
    {
        var store = new SessionStore();
        var state = new Gateway.Engine.SessionState(play.Header, Engine.OwnKinds.TestKinds.All);
        foreach (var sessionEvent in play.Events)
        {
            store.Apply(sessionEvent);
            state.Apply(sessionEvent);
            AssertSame(state.ToSnapshot(), store);
        }
    });

    [Fact]
    public void From_a_snapshot_anywhere_the_rest_leads_to_the_same() => Plays.ForAll(100, play =>
    {
        for (var cut = 0; cut <= play.Events.Count; cut += 1 + (play.Events.Count / 10))
        {
            var snapshot = Play.Fold(play.Header, play.Events.Take(cut)).ToSnapshot();
            var (messages, run) = (new SessionStore(), new WorkflowRunStore());

            // Whatever was there before a snapshot is gone with it.
            foreach (var sessionEvent in play.Events.Take(cut / 2))
            {
                messages.Apply(sessionEvent);
                run.Apply(sessionEvent);
            }

            messages.Apply(snapshot);
            run.Apply(snapshot, Now);
            foreach (var sessionEvent in play.Events)
            {
                Assert.True(sessionEvent.Seq > cut || !messages.Apply(sessionEvent), "An event that is in the snapshot changed something.");
                messages.Apply(sessionEvent);
                run.Apply(sessionEvent);
            }

            AssertSame(play.State.ToSnapshot(), messages);
            AssertSame(play.State.ToSnapshot(), run);
        }
    });

    [Fact]
    public void Changes_tell_all_that_a_view_has_to_show() => Plays.ForAll(100, play =>
    {
        // A view that only listens: a new message is added, another is read again.
        var shown = new List<(string Text, bool IsOpen, bool IsHeld)>();
        var store = new SessionStore();
        store.Changed += (_, change) =>
        {
            if (change.Message is not { } message) return;
            var line = (message.Text + message.Thinking, message.IsOpen, message.IsHeld);
            Assert.Equal(change.IsNew, message.Index == shown.Count);
            if (change.IsNew) shown.Add(line);
            else shown[message.Index] = line;
        };
        foreach (var sessionEvent in play.Events) store.Apply(sessionEvent);

        Assert.Equal(store.Messages.Select(message => (message.Text + message.Thinking, message.IsOpen, message.IsHeld)), shown);
        Assert.DoesNotContain(store.Messages, message => message.IsOpen);
    });

    [Fact]
    public void A_view_shows_the_messages_of_the_store_through_snapshots_too() => Plays.ForAll(100, play =>
    {
        var (view, store) = (new SessionView(), new SessionStore());
        var refreshed = 0;
        view.PropertyChanged += (_, _) => refreshed++;
        var half = play.Events.Count / 2;
        foreach (var sessionEvent in play.Events.Take(half / 2)) view.Apply(sessionEvent);
        var snapshot = Play.Fold(play.Header, play.Events.Take(half)).ToSnapshot();
        view.Apply(snapshot, Now);
        store.Apply(snapshot);
        foreach (var sessionEvent in play.Events.Skip(half))
        {
            view.Apply(sessionEvent);
            store.Apply(sessionEvent);
        }

        Assert.True(refreshed > 0);
        Assert.Equal(store.Messages.Select(message => (message.Kind, message.NodeId, message.Text, message.IsOpen)), view.Messages.Select(message => (message.Kind, message.NodeId, message.Text, message.IsOpen)));
        Assert.Equal((play.State.Status, play.State.Spending.Whole), (view.Status, view.Totals));
    });

    private static void AssertSame(SessionSnapshot expected, WorkflowRunStore store)
    {
        Assert.Equal((expected.Status, expected.PauseReason, expected.LastSeq, expected.Totals, expected.Output, expected.Error, expected.ErrorCode), (store.Status, store.PauseReason, store.LastSeq, store.Totals, store.Output, store.Error, store.ErrorCode));
        foreach (var (id, node) in expected.Nodes)
        {
            if (store.Find(id) is not { } run) Assert.Equal(NodeStatus.Pending, node.Status);
            else Assert.Equal((node.Status, node.Attempt ?? 1, node.Iteration ?? 1, node.Prompt, node.Error), (run.Status, run.Attempt, run.Iteration, run.Prompt, run.Error));
        }

        Assert.Equal(expected.Nodes.Where(node => node.Value.Status is NodeStatus.Running or NodeStatus.Suspended).Select(node => node.Key).Order(), store.ActiveNodes.Select(node => node.Id).Order());
    }

    private static (string, string, string?, string?) Short(ToolCall call) => (call.CallId, call.Status, call.Arguments?.GetRawText(), call.Result);

    private static void AssertSame(SessionSnapshot expected, SessionStore store)
    {
        foreach (var (id, node) in expected.Nodes)
        {
            // The last thing that the node said; what a user answered it is a message of the user.
            var said = store.Messages.LastOrDefault(message => message.Kind == MessageKind.Agent && message.NodeId == id);
            var answers = store.Messages.Where(message => message is { Kind: MessageKind.User, IsHeld: false } && message.NodeId == id && message.Answer?.Action is null).Select(message => message.Text);
            Assert.Equal(node.Text, said?.Text is { } text && node.Text != text ? text + string.Concat(answers) : said?.Text ?? string.Concat(answers));
            Assert.Equal(node.Thinking ?? string.Empty, said?.Thinking ?? string.Empty);
            Assert.Equal((node.Tools ?? []).Select(Short), said?.Tools.Select(Short) ?? []);
            Assert.True(said is not { IsOpen: true } || node.Status == NodeStatus.Running, $"{id} is {node.Status}, and its message is open.");
            var question = store.Messages.SingleOrDefault(message => message is { Kind: MessageKind.Prompt, IsOpen: true } && message.NodeId == id);
            Assert.Equal(node.Prompt, question?.Prompt);
        }

        Assert.Equal(expected.UserMessages, store.Messages.Where(message => message is { Kind: MessageKind.User, IsHeld: false, NodeId: null }).Select(message => message.Text));
        Assert.Equal(expected.HeldInputs, store.Messages.Where(message => message.IsHeld).Select(message => new HeldInput { Content = message.Text, NodeId = message.NodeId, Answer = message.Answer }));
    }
}

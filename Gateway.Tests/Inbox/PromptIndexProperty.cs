using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Tests.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>Random sessions with every kind of node, pauses, answers, crashes: after each append a store's index has what the fold of the log has.</summary>
internal static class PromptIndexProperty
{
    private static readonly ReadLimit All = 1000;

    public static void Check(Func<ISessionLog> open, Func<ISessionLog, ValueTask> closeAsync, int cases) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), tape => HoldsAsync(open, closeAsync, tape).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithStartSize(5).WithEndSize(260));

    private static async Task HoldsAsync(Func<ISessionLog> open, Func<ISessionLog, ValueTask> closeAsync, byte[] tape)
    {
        var play = new Play(tape, build: RandomFlow.Build);
        var log = open();
        var prompts = (ILogPrompts)log;
        Assert.Null(await log.CreateAsync(play.Header, CancellationToken.None));
        var state = new SessionState(play.Header, TestKinds.All);
        var reader = new Tape(tape);
        var known = new Dictionary<string, InboxPrompt>();
        var position = 0L;
        foreach (var (events, standing) in play.Appends)
        {
            await log.AppendAsync(play.Header.SessionId, events[0].Seq - 1, events, standing, CancellationToken.None);
            foreach (var logged in events) state.Apply(logged.Event);
            var waiting = await prompts.ListPromptsAsync(new PromptQuery(0, All), CancellationToken.None);
            Assert.Equal(Waiting(state), waiting.Prompts.Select(logged => Gist(logged.Prompt)).Order());

            // Somebody who looks now and then, and reads on where he was.
            if (reader.Next(4) == 1) position = await ReadOnAsync(prompts, known, position);
        }

        Assert.Equal(play.State.IsFinal, Waiting(state).Count == 0);
        await ReadOnAsync(prompts, known, position);
        Assert.Empty(known);
        await closeAsync(log);
    }

    private static async Task<long> ReadOnAsync(ILogPrompts prompts, Dictionary<string, InboxPrompt> known, long position)
    {
        var changes = await prompts.ReadPromptChangesAsync(position, 0, All, CancellationToken.None);
        foreach (var logged in changes.Prompts)
        {
            Assert.True(logged.Change > position);
            if (logged.IsOpen) known[logged.Prompt.PromptId] = logged.Prompt;
            else Assert.Equal(logged.Number <= position, known.Remove(logged.Prompt.PromptId));
        }

        var waiting = await prompts.ListPromptsAsync(new PromptQuery(0, All), CancellationToken.None);
        Assert.Equal(waiting.Prompts.Select(logged => Gist(logged.Prompt)).Order(), known.Values.Select(Gist).Order());
        return changes.LastChange;
    }

    private static List<string> Waiting(SessionState state) =>
        [.. state.Nodes.Where(node => node is { Status: NodeStatus.Suspended, Prompt: not null }).Select(node => Gist(node.Id, node.Prompt!)).Order()];

    private static string Gist(InboxPrompt waiting)
    {
        Assert.Equal(waiting.PromptId, waiting.Prompt!.PromptId);
        Assert.Null(waiting.Outcome);
        return Gist(waiting.NodeId!, waiting.Prompt);
    }

    private static string Gist(string nodeId, Prompt prompt) => $"{nodeId} {prompt.PromptId} {prompt.Text} {prompt.ExpiresAt:O} {prompt.Reminder} {prompt.Tool?.CallId}";
}

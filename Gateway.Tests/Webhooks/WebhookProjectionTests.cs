using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Log.Memory;
using Gateway.Tests.Engine;
using Gateway.Webhooks;
using Xunit;

namespace Gateway.Tests.Webhooks;

/// <summary>Random sessions with every kind of node, pauses, answers, crashes: what is told of them, by one process or by many.</summary>
public sealed class WebhookProjectionTests
{
    [Fact]
    public void Each_prompt_expiry_and_end_is_told_once_and_the_same_whoever_tells_it() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), tape => HoldsAsync(tape).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithStartSize(5).WithEndSize(260));

    private static async Task HoldsAsync(byte[] tape)
    {
        var play = new Play(tape, build: RandomFlow.Build);
        var log = new MemorySessionLog();
        await log.CreateAsync(play.Header, CancellationToken.None);
        foreach (var (events, standing) in play.Appends) await log.AppendAsync(play.Header.SessionId, events[0].Seq - 1, events, standing, CancellationToken.None);
        var session = (await log.FindAsync(play.Header.SessionId, CancellationToken.None))!;
        var logged = await log.ReadAsync(session.SessionId, 0, int.MaxValue, CancellationToken.None);

        var projection = new WebhookProjection("one", log);
        List<(WebhookMessage Message, string Text)> told = [];
        foreach (var next in logged)
        {
            var message = await projection.FindAsync(session, next, CancellationToken.None);
            if (message is not null) told.Add((message, Encoding.UTF8.GetString(message.Body.Span)));

            // A process that begins here, or one that is asked again, says the same.
            if (!WebhookProjection.Concerns(next.Event)) continue;
            foreach (var other in new[] { new WebhookProjection("one", log), projection })
            {
                var again = await other.FindAsync(session, next, CancellationToken.None);
                Assert.Equal((message?.Id, message is null ? null : Encoding.UTF8.GetString(message.Body.Span)), (again?.Id, again is null ? null : Encoding.UTF8.GetString(again.Body.Span)));
            }
        }

        Assert.Equal(told.Count, told.Select(message => message.Message.Id).Distinct().Count());
        Assert.Equal(told.Select(message => message.Message.Seq).Order(), told.Select(message => message.Message.Seq));

        // Every prompt with the event that asked it first, whatever the index of the inbox says meanwhile.
        var asked = logged.Select(next => (PromptId: AskedBy(next.Event), next.Seq)).Where(prompt => prompt.PromptId is not null).GroupBy(prompt => prompt.PromptId!).Select(prompts => (prompts.Key, prompts.First().Seq)).OrderBy(prompt => prompt.Seq).ToList();
        var opened = Of(WebhookTypes.PromptOpened).GroupBy(message => PromptOf(message.Text)).Select(messages => (messages.Key, messages.First().Message.Seq)).OrderBy(prompt => prompt.Seq).ToList();
        Assert.Equal(asked, opened);
        var changes = play.Appends.SelectMany(append => append.Standing.Prompts ?? []).ToList();
        Assert.Superset(changes.Where(change => change.Prompt is not null).Select(change => change.PromptId).ToHashSet(), opened.Select(prompt => prompt.Key).ToHashSet());

        var late = logged.Select(next => next.Event).OfType<SessionEvent<ExecutionError>>().Where(error => error.Data is { Code: ErrorCode.PromptExpired, NodeId: not null }).Select(error => error.Seq);
        Assert.Equal(late, Of(WebhookTypes.PromptExpired).Select(message => message.Message.Seq));
        Assert.Superset(changes.Where(change => change.Outcome == PromptOutcome.Expired).Select(change => change.PromptId).ToHashSet(), Of(WebhookTypes.PromptExpired).Select(message => PromptOf(message.Text)).ToHashSet());

        // Of a cancelled one nothing; else its last event, and nothing behind it.
        var ends = told.Where(message => message.Message.Type is WebhookTypes.SessionCompleted or WebhookTypes.SessionFailed).Select(message => (message.Message.Type, message.Message.Seq));
        Assert.Equal(session.Status == SessionStatus.Cancelled ? [] : [($"session.{session.Status}", session.LastSeq)], ends);

        IEnumerable<(WebhookMessage Message, string Text)> Of(string type) => told.Where(message => message.Message.Type == type);
    }

    private static string? AskedBy(SessionEvent told) => told switch
    {
        SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Suspended, Prompt: { } asked } } => asked.PromptId,
        SessionEvent<ExecutionPaused> { Data.Prompt: { } asked } => asked.PromptId,
        _ => null,
    };

    private static string PromptOf(string body) => System.Text.Json.JsonElement.Parse(body).GetProperty("data").GetProperty("prompt_id").GetString()!;
}

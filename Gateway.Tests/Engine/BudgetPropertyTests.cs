using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Random flows with budgets, through failures, pauses, answers and crashes.</summary>
public sealed class BudgetPropertyTests
{
    [Fact]
    public void Every_run_ends_and_keeps_the_rules_of_a_flow() => ForAll(300, tape =>
    {
        var play = new Play(tape, mayCancel: false, build: RandomBudgets.Build);
        Assert.IsType<SessionEvent<ExecutionCompleted>>(play.Events[^1]);
        Assert.Single(play.Events.OfType<SessionEvent<ExecutionCompleted>>());
        FlowRules.Check(play.Header.Workflow, play.Events);
    });

    // The model: what is counted is what usages say, limits are those of the definition and what answers have added.
    [Fact]
    public void It_asks_exactly_when_a_budget_of_something_at_work_is_used_up_and_warns_once_a_raise() => ForAll(400, tape =>
    {
        var play = new Play(tape, build: RandomBudgets.Build);
        var state = new SessionState(play.Header, TestKinds.All);
        var warned = new HashSet<string>();
        var boundaries = play.Boundaries.ToHashSet();
        foreach (var sessionEvent in play.Events)
        {
            switch (sessionEvent)
            {
                case SessionEvent<ExecutionError> { Data: { Code: ErrorCode.BudgetWarning } warning }:
                    Assert.True(warned.Add(warning.NodeId ?? string.Empty), $"A second warning at {sessionEvent.Seq}");
                    break;
                case SessionEvent<ExecutionPaused> { Data.Prompt: { } prompt }:
                    Assert.Null(state.Budgets.Prompt);
                    Assert.Contains(state.Budgets.All, budget => budget.IsAtWork && budget.Node?.Id == BudgetPrompt.NodeOf(prompt) && IsUsedUp(play, sessionEvent.Seq, budget));
                    break;
                case SessionEvent<ExecutionPaused> { Data.HeldInput.Answer: { PromptId: not null, Action: PromptAction.Raise } }:
                    warned.Remove(BudgetPrompt.NodeOf(state.Budgets.Prompt!) ?? string.Empty);
                    break;
            }

            state.Apply(sessionEvent);
            if (!boundaries.Contains(sessionEvent.Seq)) continue;

            // After an append nothing is at work whose budget is used up.
            Assert.DoesNotContain(state.Budgets.All, budget => budget.IsAtWork && IsUsedUp(play, sessionEvent.Seq, budget));
        }
    });

    [Fact]
    public void Nothing_happens_between_the_question_and_its_answer_but_what_users_say_and_the_end() => ForAll(300, tape =>
    {
        var open = false;
        foreach (var sessionEvent in new Play(tape, build: RandomBudgets.Build).Events)
        {
            if (open) Assert.True(sessionEvent is SessionEvent<ExecutionPaused> or SessionEvent<ExecutionCompleted> or SessionEvent<TokenUsage> or SessionEvent<NodeStateChange> { Data.Status: NodeStatus.Cancelled }, $"{sessionEvent.Event} at {sessionEvent.Seq}");
            if (sessionEvent is not SessionEvent<ExecutionPaused> { Data: var paused }) continue;
            open = paused.Prompt is not null || (open && paused.HeldInput?.Answer?.PromptId is null);
        }
    });

    [Fact]
    public void Fold_of_all_equals_fold_of_a_snapshot_and_the_rest() => ForAll(60, tape =>
    {
        var play = new Play(tape, build: RandomBudgets.Build);
        var whole = WithoutTime(SchedulerPropertyTests.Json(Play.Fold(play.Header, play.Events)));
        for (var n = 0; n <= play.Events.Count; n++)
        {
            var restored = SchedulerPropertyTests.Restore(play.Header, Play.Fold(play.Header, play.Events.Take(n)));
            foreach (var sessionEvent in play.Events.Skip(n)) restored.Apply(sessionEvent);
            Assert.Equal(whole, WithoutTime(SchedulerPropertyTests.Json(restored)));
        }
    });

    [Fact]
    public void A_crash_at_any_append_is_recovered() => ForAll(80, tape =>
    {
        var play = new Play(tape, mayCancel: false, build: RandomBudgets.Build);
        foreach (var boundary in play.Boundaries.Append(0))
        {
            var events = play.Events.Take((int)boundary).ToList();
            var state = Play.Fold(play.Header, events);
            FlowRules.Check(play.Header.Workflow, [.. events, .. Play.FinishFrom(state, play.FailsNow)]);
        }
    });

    // A snapshot does not tell when its last event was.
    private static string WithoutTime(string json) => System.Text.RegularExpressions.Regex.Replace(json, "\"seconds\":[^}]*", "\"seconds\":0");

    private static bool IsUsedUp(Play play, long until, BudgetState budget)
    {
        var (tokens, usd) = (0L, 0m);
        foreach (var usage in play.Events.OfType<SessionEvent<TokenUsage>>().Where(usage => usage.Seq <= until && IsWithin(play.Header.Workflow, usage.NodeId!, budget.Node?.Id)))
        {
            tokens += usage.Data.InputTokens + usage.Data.OutputTokens;
            usd += usage.Data.EstimatedCostUsd;
        }

        return tokens >= budget.Limit.Tokens || usd >= budget.Limit.Usd;
    }

    // By the names that a random flow gives.
    private static bool IsWithin(WorkflowDefinition workflow, string id, string? around)
    {
        while (around is not null && id != around)
        {
            var (name, items) = (RandomFlow.NameOf(id), RandomFlow.ItemsOf(id));
            if (RandomFlow.LoopOf(name) is not { } loop) return false;
            id = loop + items[..(workflow.Nodes![loop].Type == NodeType.Map ? items.LastIndexOf('[') : items.Length)];
        }

        return true;
    }

    private static void ForAll(int cases, Action<byte[]> property)
    {
        var tapes = ArbMap.Default.ArbFor<byte[]>();
        Prop.ForAll(tapes, property).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithStartSize(5).WithEndSize(260));
    }
}

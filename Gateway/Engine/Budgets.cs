using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>Decides what follows when budgets are nearly or wholly used up, and when a user has been asked about that.</summary>
/// <remarks>
/// A warning comes once for a budget, and once more each time it is raised. Where it is used up while something is at work, the session
/// stands still, calls under way are held, and a prompt asks. What is over when its budget is used up is over, and nobody is asked.
/// </remarks>
internal static class Budgets
{
    /// <summary>Warns of budgets that are nearly used up, and asks about the first that is used up.</summary>
    /// <param name="batch">Takes the events.</param>
    /// <param name="underWay">What calls under way have consumed and no event has told.</param>
    public static void Check(EventBatch batch, IReadOnlyList<CallSpent> underWay)
    {
        foreach (var budget in batch.State.Budgets.All)
        {
            if (!budget.IsAtWork) continue;
            var spent = budget.Spent(batch.Now, underWay);
            if (budget.Reached(spent) is { Count: > 0 } reached)
            {
                batch.Add(new ExecutionPaused
                {
                    SessionId = batch.SessionId,
                    Reason = PauseReason.BudgetExceeded,
                    Prompt = BudgetPrompt.Write(batch.State.Budgets.NextPromptId, budget, spent, reached),
                });
                return;
            }

            if (budget.IsWarned || budget.NearlyReached(spent) is not { Count: > 0 } nearly) continue;
            Tell(batch, budget, BudgetPrompt.Words(budget, spent, nearly, nearly: true), ErrorCode.BudgetWarning);
        }
    }

    /// <summary>Whether what a user says is meant for the session's own prompt.</summary>
    /// <remarks>That one holds up everything, so words without a name are for it.</remarks>
    /// <exception cref="GatewayException"><c>prompt_answered</c>: it names one that is answered.</exception>
    public static bool IsAddressed(SessionState state, UserInput says)
    {
        if (says.PromptId is { } name && state.Budgets.IsOver(name)) throw new GatewayException(ErrorCode.PromptAnswered, $"Prompt '{name}' was answered already: the first answer won.");
        if (state.Budgets.Prompt is not { } prompt || says.Remark == true) return false;
        return says.PromptId is { } named ? named == prompt.PromptId : says.NodeId is null;
    }

    /// <summary>Takes the answer to the session's prompt: a higher budget with which it goes on, or the end of what has used it up.</summary>
    /// <remarks>The answer is in the log as words that were said during the pause, so it is there before anything follows from it.</remarks>
    /// <exception cref="GatewayException"><c>invalid_data</c>, <c>limit_exceeded</c>: the prompt stays open.</exception>
    public static void Answer(EventBatch batch, UserInput says, ConversationBounds bounds, string? by, bool interrupted)
    {
        var state = batch.State;
        var (prompt, budget) = (state.Budgets.Prompt!, state.Budgets.Asked!);
        var answer = PromptReply.Read(prompt, says, by);
        var raises = answer.Action == PromptAction.Raise;
        answer = answer with { Data = raises ? BudgetPrompt.Write(BudgetPrompt.By(budget, prompt, answer.Data)) : null };
        Conversation.RequireRoom(state, answer, bounds);
        var reason = BudgetPrompt.Reason(prompt);
        batch.Add(new ExecutionPaused
        {
            SessionId = batch.SessionId,
            Reason = PauseReason.BudgetExceeded,
            HeldInput = new HeldInput { Content = answer.Text, Answer = answer.Log! with { PromptId = prompt.PromptId } },
        });
        if (raises)
        {
            Recovery.Resume(batch, interrupted);
        }
        else if (budget.Node is { } node)
        {
            Recovery.Resume(batch, interrupted, () => Stop(batch, node, reason));
        }
        else
        {
            Tell(batch, budget, $"{reason} A user has stopped the session.", ErrorCode.BudgetExceeded);
            Progress.End(batch, SessionStatus.Cancelled);
        }
    }

    /// <summary>Refuses to go on while a budget is used up and nobody has said what follows.</summary>
    /// <exception cref="GatewayException"><c>budget_exceeded</c>.</exception>
    public static void RequireNone(SessionState state)
    {
        if (state.Budgets.Prompt is not { } prompt) return;
        throw new GatewayException(ErrorCode.BudgetExceeded, $"Session '{state.Header.SessionId}' goes on when its prompt '{prompt.PromptId}' is answered with '{PromptAction.Raise}' or '{PromptAction.Stop}': {prompt.Text}");
    }

    // What follows is for the node's on_error to say.
    private static void Stop(EventBatch batch, NodeState node, string reason)
    {
        Joins.CancelBody(batch, node);
        batch.AddSpent(node);
        Progress.Ask(batch, node, context => context.Fail(new NodeFailure(ErrorCode.BudgetExceeded, $"{reason} A user has stopped the node.")));
    }

    private static void Tell(EventBatch batch, BudgetState budget, string sentence, string code) => batch.Add(new ExecutionError
    {
        SessionId = batch.SessionId,
        NodeId = budget.Node?.Id,
        Error = sentence,
        Code = code,
        Iteration = budget.Node is { } node ? EventBatch.IterationOf(node) : null,
        Item = budget.Node is { } of ? EventBatch.ItemOf(of.Node) : null,
    });
}

using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>What the log says about one budget.</summary>
/// <param name="session">The session.</param>
/// <param name="limit">What the definition says.</param>
/// <param name="node">Whose budget it is; null: that of the session.</param>
internal sealed class BudgetState(SessionState session, Budget limit, NodeState? node)
{
    /// <summary>The part of a budget at which a warning comes: four fifths.</summary>
    private const int WarnsAt = 4;
    private const int Parts = 5;

    /// <summary>Whose budget it is; null: that of the session.</summary>
    public NodeState? Node => node;

    /// <summary>What the definition says.</summary>
    public Budget First { get; } = limit;

    /// <summary>How much may be consumed, with what users have raised it by.</summary>
    public Budget Limit { get; private set; } = limit;

    /// <summary>The tokens that have been counted.</summary>
    public long Tokens { get; private set; }

    /// <summary>The dollars that have been counted.</summary>
    public decimal Usd { get; private set; }

    /// <summary>The time at work, at the session's last event.</summary>
    public TimeSpan Worked => node?.Worked ?? session.Worked;

    /// <summary>Whether it has been warned since the budget was raised last.</summary>
    public bool IsWarned { get; private set; }

    /// <summary>Whether anything can be consumed from it now.</summary>
    public bool IsAtWork => session.Status == SessionStatus.Running && node is null or { Status: NodeStatus.Running };

    /// <summary>When its time is used up, or so far that a warning comes, UTC, as long as its work goes on; null: never.</summary>
    public DateTime? Due => IsAtWork && Limit.Duration is { } most && (IsWarned ? most : Nearly(most)) - Worked is var rest && rest < DateTime.MaxValue - session.LastTimestamp ? session.LastTimestamp + rest : null;

    /// <summary>What has been consumed at a time, with what calls under way have.</summary>
    public Budget Spent(DateTime now, IReadOnlyList<CallSpent> underWay)
    {
        var (tokens, usd) = (Tokens, Usd);
        foreach (var call in underWay)
        {
            if (!Concerns(call.NodeId)) continue;
            tokens += call.Tokens;
            usd += call.Usd;
        }

        return new Budget(tokens, usd, Worked + (IsAtWork && now > session.LastTimestamp ? now - session.LastTimestamp : TimeSpan.Zero));
    }

    /// <summary>The measures that are used up.</summary>
    public IReadOnlyList<string> Reached(Budget spent) => Measures(spent, Limit);

    /// <summary>The measures that are nearly used up.</summary>
    public IReadOnlyList<string> NearlyReached(Budget spent) =>
        Measures(spent, new Budget(Limit.Tokens - (Limit.Tokens / Parts), Limit.Usd - (Limit.Usd / Parts), Limit.Duration is { } time ? Nearly(time) : null));

    /// <summary>Folds in what a call has consumed.</summary>
    public void Add(TokenUsage usage)
    {
        Tokens += usage.InputTokens + usage.OutputTokens;
        Usd += usage.EstimatedCostUsd;
    }

    /// <summary>Folds in a warning.</summary>
    public void Warn() => IsWarned = true;

    /// <summary>Folds in that it has been raised.</summary>
    public void Raise(Budget by)
    {
        Limit = Limit.Plus(by);
        IsWarned = false;
    }

    /// <summary>Its state as clients see it.</summary>
    public BudgetSnapshot ToSnapshot() => new() { Limit = Limit.ToPolicy(), Spent = Told(new Budget(Tokens, Usd, Worked)), Warned = IsWarned ? true : null };

    /// <summary>Takes over the state that <paramref name="snapshot"/> holds.</summary>
    public void Restore(BudgetSnapshot snapshot)
    {
        Limit = Budget.Of(snapshot.Limit);
        (Tokens, Usd, IsWarned) = (snapshot.Spent.Tokens, snapshot.Spent.Usd, snapshot.Warned == true);
    }

    /// <summary>What has been consumed, as contracts tell it.</summary>
    public static BudgetSpent Told(Budget spent) => new() { Tokens = spent.Tokens!.Value, Usd = spent.Usd!.Value, Seconds = (decimal)spent.Duration!.Value.Ticks / TimeSpan.TicksPerSecond };

    private static TimeSpan Nearly(TimeSpan most) => most / Parts * WarnsAt;

    private static List<string> Measures(Budget spent, Budget limit)
    {
        var reached = new List<string>();
        if (spent.Tokens >= limit.Tokens) reached.Add(BudgetMeasure.Tokens);
        if (spent.Usd >= limit.Usd) reached.Add(BudgetMeasure.Usd);
        if (spent.Duration >= limit.Duration) reached.Add(BudgetMeasure.Duration);
        return reached;
    }

    private bool Concerns(string nodeId)
    {
        if (node is null) return true;
        for (var at = session.Find(nodeId)?.Node; at is not null; at = at.Loop)
        {
            if (at == node.Node) return true;
        }

        return false;
    }
}

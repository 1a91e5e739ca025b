using Gateway.Contracts;

namespace Gateway.Tests.Engine;

/// <summary>A random flow whose session and some of whose nodes have budgets, small enough to be used up.</summary>
internal static class RandomBudgets
{
    public static WorkflowDefinition Build(Tape tape)
    {
        var workflow = RandomFlow.Build(tape);
        var nodes = workflow.Nodes!.ToDictionary(node => node.Key, node => tape.Next(3) == 1 && node.Value.Type is not (NodeType.Start or NodeType.End) ? node.Value with { Budget = Next(tape) } : node.Value);
        return workflow with { Budget = tape.Next(4) < 3 ? Next(tape) : null, Nodes = nodes };
    }

    // A call of a play consumes 7 tokens and half a dollar.
    private static BudgetPolicy Next(Tape tape) => tape.Next(3) switch
    {
        0 => new BudgetPolicy { Tokens = 7 },
        1 => new BudgetPolicy { Tokens = 20, Usd = 2 },
        _ => new BudgetPolicy { Usd = 0.7m },
    };
}

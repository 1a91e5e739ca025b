using Gateway.Engine.Calls;

namespace Gateway.Engine;

/// <summary>What one node would consume.</summary>
/// <param name="agent">The agent that speaks at it.</param>
internal sealed class DryRunNode(string agent)
{
    /// <summary>The agent that speaks at it.</summary>
    public string Agent { get; } = agent;

    /// <summary>How often its model is called.</summary>
    public int Calls { get; private set; }

    /// <summary>Tokens read.</summary>
    public long InputTokens { get; private set; }

    /// <summary>Tokens written.</summary>
    public long OutputTokens { get; private set; }

    /// <summary>US dollars, of calls whose price is known.</summary>
    public decimal CostUsd { get; private set; }

    /// <summary>Whether the price of every call is known.</summary>
    public bool CostKnown { get; private set; } = true;

    /// <summary>How long its calls take together.</summary>
    public double Seconds { get; private set; }

    /// <summary>Adds a call.</summary>
    public void Add(ModelPiece.Usage spent, double seconds)
    {
        Calls++;
        InputTokens += spent.InputTokens;
        OutputTokens += spent.OutputTokens;
        CostUsd += spent.CostUsd;
        CostKnown &= spent.CostKnown;
        Seconds += seconds;
    }
}

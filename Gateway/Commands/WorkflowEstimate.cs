using Gateway.Contracts;

namespace Gateway.Commands;

/// <summary>What a session of a workflow would consume, from a run in thought.</summary>
internal sealed record WorkflowEstimate
{
    /// <summary>The workflow.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>How the run ended; absent when it was not followed to its end.</summary>
    public string? Status { get; init; }

    /// <summary>What all models consume; the price is that of the models which have one.</summary>
    public required Totals Totals { get; init; }

    /// <summary>How long it takes, without waiting for people.</summary>
    public required double Seconds { get; init; }

    /// <summary>How often it asks somebody; every answer is taken to be yes.</summary>
    public required int Prompts { get; init; }

    /// <summary>Why the run failed, when it did.</summary>
    public string? Error { get; init; }

    /// <summary>The nodes that speak, by id.</summary>
    public required IReadOnlyDictionary<string, NodeEstimate> Nodes { get; init; }

    /// <summary>What was taken for granted.</summary>
    public required EstimateBasis Basis { get; init; }
}

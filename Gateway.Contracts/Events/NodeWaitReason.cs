namespace Gateway.Contracts;

/// <summary>What a running node can wait for.</summary>
public static class NodeWaitReason
{
    /// <summary>The time between two tries.</summary>
    public const string Retry = "retry";

    /// <summary>A place among the calls of its model, whose limits are reached.</summary>
    public const string Model = "model";
}

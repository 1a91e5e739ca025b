namespace Gateway.Engine.Nodes;

/// <summary>Registers the node kinds that every gateway has.</summary>
internal static class NodeKindServices
{
    /// <summary>Adds each kind of this folder, in the order that messages name them.</summary>
    public static IServiceCollection AddNodeKinds(this IServiceCollection services) => services
        .AddNodeKind<StartKind>()
        .AddNodeKind<AgentKind>()
        .AddNodeKind<ParallelKind>()
        .AddNodeKind<ConditionKind>()
        .AddNodeKind<LoopKind>()
        .AddNodeKind<MapKind>()
        .AddNodeKind<WorkflowKind>()
        .AddNodeKind<VoteKind>()
        .AddNodeKind<ToolKind>()
        .AddNodeKind<HumanReviewKind>()
        .AddNodeKind<EndKind>();
}

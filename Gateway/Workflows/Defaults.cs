using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>The <c>defaults</c> of a workflow.</summary>
internal static class Defaults
{
    /// <summary>The workflow as if each of its agents and nodes said by itself what its defaults say; without defaults the same one.</summary>
    /// <remarks>Those of child workflows, whose names have a slash, know nothing of the defaults of the workflow around them.</remarks>
    public static WorkflowDefinition PutInto(WorkflowDefinition workflow, NodeShapes shapes)
    {
        if (workflow.Defaults is not { } defaults) return workflow;
        return workflow with
        {
            Agents = workflow.Agents?.ToDictionary(agent => agent.Key, agent => agent.Value is not null && IsOwn(agent.Key) ? With(agent.Value, defaults) : agent.Value!, StringComparer.Ordinal),
            Nodes = workflow.Nodes?.ToDictionary(node => node.Key, node => node.Value is not null && IsOwn(node.Key) && shapes.Find(node.Value.Type) is { } shape ? With(node.Value, defaults, shape.Rules) : node.Value!, StringComparer.Ordinal),
            Defaults = null,
        };
    }

    /// <summary>Reports what is wrong with the defaults of a workflow.</summary>
    public static void Check(WorkflowDefaults defaults, ProblemList problems)
    {
        if (defaults.Temperature is { } temperature && !(temperature is >= 0 and <= 2)) problems.Add("defaults.temperature", "The temperature is a number from 0 to 2.");
        if (defaults.MaxOutputTokens < 1) problems.Add("defaults.max_output_tokens", "The limit of output tokens is at least 1; leave it out for the models' own.");
        if (defaults.MaxToolRounds is < 0 or > ToolLimits.MostRounds) problems.Add("defaults.max_tool_rounds", $"Expected a whole number from 0 to {ToolLimits.MostRounds}.");
        if (defaults.OnError is { } policy && !WorkflowValidator.Policies.Contains(policy)) problems.Add("defaults.on_error", $"'{Naming.Show(policy)}' is none of {string.Join(", ", WorkflowValidator.Policies)}.");
        if (defaults.Retry is { } retry) NodeRetry.CheckValues(problems.Add, "defaults.retry", retry);
        if (defaults.Timeout is { } timeout) NodeTimeout.CheckValues(problems.Add, "defaults.timeout", timeout);
        if (defaults.Fallback is { } models) NodeFallback.CheckValues(problems.Add, "defaults.fallback", models);
    }

    private static bool IsOwn(string name) => ChildWorkflow.NodeAround(name) is null;

    private static AgentDefinition With(AgentDefinition agent, WorkflowDefaults defaults) => agent with
    {
        Model = agent.Model ?? defaults.Model,
        Temperature = agent.Temperature ?? defaults.Temperature,
        MaxOutputTokens = agent.MaxOutputTokens ?? defaults.MaxOutputTokens,
        MaxToolRounds = agent.MaxToolRounds ?? defaults.MaxToolRounds,
    };

    private static NodeDefinition With(NodeDefinition node, WorkflowDefaults defaults, NodeRules rules) => node with
    {
        OnError = node.OnError ?? (rules.Begins ? null : defaults.OnError),
        Retry = rules.Work == WorkUse.None ? node.Retry : With(node.Retry, defaults.Retry),
        Timeout = rules.Work == WorkUse.None ? node.Timeout : With(node.Timeout, defaults.Timeout, rules),
        Fallback = node.Fallback ?? (rules.Work == WorkUse.Model ? defaults.Fallback : null),
    };

    private static RetryPolicy? With(RetryPolicy? retry, RetryPolicy? defaults) => retry is null || defaults is null ? retry ?? defaults : new RetryPolicy
    {
        Max = retry.Max ?? defaults.Max,
        Backoff = retry.Backoff ?? defaults.Backoff,
        Jitter = retry.Jitter ?? defaults.Jitter,
        On = retry.On ?? defaults.On,
        Restart = retry.Restart ?? defaults.Restart,
    };

    // A tool has no first word and no silences.
    private static TimeoutPolicy? With(TimeoutPolicy? timeout, TimeoutPolicy? defaults, NodeRules rules) => defaults is null ? timeout : new TimeoutPolicy
    {
        Total = timeout?.Total ?? defaults.Total,
        FirstToken = timeout?.FirstToken ?? (rules.Work == WorkUse.Model ? defaults.FirstToken : null),
        Idle = timeout?.Idle ?? (rules.Work == WorkUse.Model ? defaults.Idle : null),
    };
}

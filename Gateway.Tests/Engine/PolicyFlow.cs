using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Engine;

/// <summary>A workflow of one agent, with what its node says about failures; and a session of it that is decided without a gateway.</summary>
internal sealed class PolicyFlow
{
    public static readonly DateTime Begin = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly WorkflowDefinition _workflow;

    public PolicyFlow(WorkflowDefinition workflow)
    {
        _workflow = workflow;
        State = new SessionState(Play.HeaderOf(workflow), TestKinds.All);
    }

    public SessionState State { get; private set; }

    public List<SessionEvent> Events { get; } = [];

    /// <summary>Retries at fixed times.</summary>
    public static RetryPolicy Retry(int max = 2, string backoff = "10s", bool restart = false, params string[] on) =>
        new() { Max = max, Backoff = backoff, Jitter = 0, Restart = restart ? true : null, On = on.Length == 0 ? null : on };

    public static WorkflowDefinition Quick(RetryPolicy? retry = null, TimeoutPolicy? timeout = null, params string[] fallback) =>
        Quick(node => node with { Retry = retry, Timeout = timeout, Fallback = fallback.Length == 0 ? null : fallback });

    public static WorkflowDefinition Quick(Func<NodeDefinition, NodeDefinition> change) => SampleWorkflows.Quick with
    {
        Nodes = SampleWorkflows.Quick.Nodes!.ToDictionary(node => node.Key, node => node.Key == "a" ? change(node.Value) : node.Value),
    };

    public void Decide(double seconds, EngineInput input)
    {
        var batch = new EventBatch(State, Begin.AddSeconds(seconds));
        Scheduler.Decide(batch, input);
        Events.AddRange(batch.Events.Select(e => e.Event));
    }

    /// <summary>The process ends, and another one goes on with the log.</summary>
    public void Crash(double seconds, int maxInterruptions = int.MaxValue)
    {
        State = Play.Fold(Play.HeaderOf(_workflow), Events);
        Decide(seconds, new EngineInput.Recover(maxInterruptions));
    }

    public void Fail(double seconds, int attempt, string code = ErrorCode.ModelError) => Decide(seconds, new EngineInput.WorkFailed("a", attempt, code, "failed"));

    /// <summary>The changes of the agent's node in short, such as <c>running 2 retry wait 10</c>, with the wait in seconds from the beginning.</summary>
    public string Story => string.Join("; ", Events.OfType<SessionEvent<NodeStateChange>>().Where(e => e.Data.NodeId == "a").Select(e => Short(e.Data)));

    public static string Short(NodeStateChange change) => string.Join(' ', new[]
    {
        change.Status,
        change.Attempt?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        change.Cause,
        change.Model,
        change.Wait is { } wait ? $"waits {wait.Reason}{wait.Model}{(wait.Until is { } until ? $" {(until - Begin).TotalSeconds:0}" : string.Empty)}" : null,
    }.OfType<string>());
}

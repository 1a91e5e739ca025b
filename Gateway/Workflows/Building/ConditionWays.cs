using System.Text.Json.Nodes;

namespace Gateway.Workflows.Building;

/// <summary>The ways of a condition that is being built, in the order in which they are tried.</summary>
public sealed class ConditionWays
{
    private readonly JsonObject _parameters;
    private readonly JsonArray _when = [];
    private readonly Action<Action<string>, Func<WorkflowSteps, WorkflowSteps>> _follow;

    internal ConditionWays(JsonObject parameters, Action<Action<string>, Func<WorkflowSteps, WorkflowSteps>> follow)
    {
        (_parameters, _follow) = (parameters, follow);
        _parameters["when"] = _when;
    }

    /// <summary>Where it leads when this holds and nothing before did; a way without a step leads to what follows the condition.</summary>
    public ConditionWays When(string condition, Func<WorkflowSteps, WorkflowSteps> way)
    {
        var entry = new JsonObject { ["if"] = condition };
        _when.Add(entry);
        _follow(next => entry["next"] = next, way);
        return this;
    }

    /// <summary>Where it leads otherwise.</summary>
    public ConditionWays Else(Func<WorkflowSteps, WorkflowSteps> way)
    {
        _follow(next => _parameters["else"] = next, way);
        return this;
    }
}

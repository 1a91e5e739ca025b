using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Doors.AgUi;

/// <summary>What AG-UI calls the agent's state: where the session and its nodes stand, what waits, and what was consumed.</summary>
internal sealed class AgUiState
{
    private readonly JsonObject _nodes = [];
    private readonly JsonObject _state;
    private JsonArray _changes = [];
    private long _input, _output, _cached, _reasoning;
    private decimal _cost;

    /// <summary>The state before the first event.</summary>
    public AgUiState(string sessionId, string workflowId) =>
        _state = new JsonObject { ["session_id"] = sessionId, ["workflow_id"] = workflowId, ["status"] = SessionStatus.Running, ["nodes"] = _nodes };

    /// <summary>The whole of it.</summary>
    public JsonNode Snapshot => _state.DeepClone();

    /// <summary>What has changed since this was asked last, as JSON Patch; null when nothing has.</summary>
    public JsonArray? TakeChanges()
    {
        if (_changes.Count == 0) return null;
        var changes = _changes;
        _changes = [];
        return changes;
    }

    /// <summary>The session stands otherwise.</summary>
    public void SetStatus(string status, string? reason)
    {
        if (_state["status"]!.GetValue<string>() == status && _state["pause_reason"]?.GetValue<string>() == reason) return;
        Set(_state, "", "status", status);
        if (reason is not null) Set(_state, "", "pause_reason", reason);
        else Remove(_state, "", "pause_reason");
    }

    /// <summary>A node stands otherwise.</summary>
    public void SetNode(AgUiLane lane)
    {
        var node = new JsonObject { ["status"] = lane.Status };
        if (lane.Attempt > 1) node["attempt"] = lane.Attempt;
        if (lane.Iteration > 1) node["iteration"] = lane.Iteration;
        if (lane.Error is { } error) node["error"] = new JsonObject { ["code"] = error.Code, ["message"] = error.Sentence };
        if (lane.Prompt is { } prompt) node["prompt"] = AgUiInterrupts.Json(prompt);
        Set(_nodes, "/nodes", lane.NodeId, node);
    }

    /// <summary>Something was consumed.</summary>
    public void Add(TokenUsage usage)
    {
        _input += usage.InputTokens;
        _output += usage.OutputTokens;
        _cached += usage.CachedInputTokens ?? 0;
        _reasoning += usage.ReasoningTokens ?? 0;
        _cost += usage.EstimatedCostUsd;
        Set(_state, "", "totals", new JsonObject { ["input_tokens"] = _input, ["output_tokens"] = _output, ["estimated_cost_usd"] = _cost });
    }

    /// <summary>What was consumed so far, in AG-UI's own accounting, in which parts are no additions.</summary>
    public JsonArray Usage()
    {
        var usage = new JsonObject { ["inputTokens"] = _input, ["outputTokens"] = _output, ["totalTokens"] = _input + _output };
        if (_cached > 0) usage["cachedInputTokens"] = _cached;
        if (_reasoning > 0) usage["reasoningTokens"] = _reasoning;
        return new JsonArray(usage);
    }

    private void Set(JsonObject into, string path, string name, JsonNode value)
    {
        into[name] = value;

        // What "add" names is replaced where it is there already.
        _changes.Add(new JsonObject { ["op"] = "add", ["path"] = $"{path}/{Escape(name)}", ["value"] = value.DeepClone() });
    }

    private void Remove(JsonObject from, string path, string name)
    {
        if (from.Remove(name)) _changes.Add(new JsonObject { ["op"] = "remove", ["path"] = $"{path}/{Escape(name)}" });
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}

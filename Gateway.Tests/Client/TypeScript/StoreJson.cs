using System.Globalization;
using System.Text.Json;
using Gateway.Client.Stores;
using Gateway.Contracts;

namespace Gateway.Tests.Client.TypeScript;

/// <summary>The stores as the browser library's state has them.</summary>
internal static class StoreJson
{
    public static string Of(SessionStore messages, WorkflowRunStore run) => CanonicalJson.Write(new Dictionary<string, object?>
    {
        ["messages"] = new Dictionary<string, object?>
        {
            ["lastSeq"] = messages.LastSeq,
            ["messages"] = messages.Messages.Select(Of),
            ["groups"] = messages.Groups.Select(group => new Dictionary<string, object?> { ["nodeId"] = group.NodeId, ["branches"] = group.Branches }),
        },
        ["run"] = new Dictionary<string, object?>
        {
            ["lastSeq"] = run.LastSeq,
            ["status"] = run.Status,
            ["pauseReason"] = run.PauseReason,
            ["nodes"] = run.Nodes.Select(Of),
            ["activeNodes"] = run.ActiveNodes.Select(node => node.Id),
            ["openPrompts"] = run.OpenPrompts.Select(node => node.Id),
            ["prompt"] = Of(run.Prompt),
            ["warning"] = run.Warning,
            ["totals"] = Of(run.Totals),
            ["output"] = run.Output,
            ["error"] = run.Error,
            ["errorCode"] = run.ErrorCode,
            ["clock"] = Of(run.Clock),
        },
    });

    private static Dictionary<string, object?> Of(SessionMessage message) => new()
    {
        ["index"] = message.Index,
        ["kind"] = message.Kind switch { MessageKind.Agent => "agent", MessageKind.User => "user", _ => "prompt" },
        ["nodeId"] = message.NodeId,
        ["agentId"] = message.AgentId,
        ["parallelNodeId"] = message.ParallelNodeId,
        ["iteration"] = message.Iteration,
        ["attempt"] = message.Attempt,
        ["item"] = message.Item,
        ["text"] = message.Text,
        ["thinking"] = message.Thinking,
        ["tools"] = message.Tools.Select(call => (object)Of(call)),
        ["isOpen"] = message.IsOpen,
        ["isHeld"] = message.IsHeld,
        ["prompt"] = Of(message.Prompt),
        ["answer"] = Of(message.Answer),
        ["usage"] = Of(message.Usage),
        ["error"] = message.Error,
    };

    private static Dictionary<string, object?> Of(NodeRun node) => new()
    {
        ["id"] = node.Id,
        ["status"] = node.Status,
        ["attempt"] = node.Attempt,
        ["item"] = node.Item,
        ["iteration"] = node.Iteration,
        ["prompt"] = Of(node.Prompt),
        ["error"] = node.Error,
        ["usage"] = Of(node.Usage),
        ["clock"] = Of(node.Clock),
    };

    // Contracts are in both as they are on the wire.
    private static JsonElement? Of(Prompt? prompt) => prompt is null ? null : JsonSerializer.SerializeToElement(prompt, ContractsJson.Wire.Prompt);

    private static JsonElement Of(ToolCall call) => JsonSerializer.SerializeToElement(call, ContractsJson.Wire.ToolCall);

    private static JsonElement? Of(PromptAnswer? answer) => answer is null ? null : JsonSerializer.SerializeToElement(answer, ContractsJson.Wire.PromptAnswer);

    private static JsonElement? Of(Totals? totals) => totals is null ? null : JsonSerializer.SerializeToElement(totals, ContractsJson.Wire.Totals);

    private static Dictionary<string, object?> Of(RunClock clock) => new()
    {
        ["ticks"] = clock.Before.Ticks,
        ["since"] = clock.Since?.ToString("O", CultureInfo.InvariantCulture),
    };
}

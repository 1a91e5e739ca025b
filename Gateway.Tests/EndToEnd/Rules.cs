using System.Text.Json;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>What the wire contract promises of every session's events, from the first to the last.</summary>
internal static class Rules
{
    private static readonly string[] Names = [.. SessionEvents.All.Select(kind => kind.Name)];

    public static void Check(IReadOnlyList<Frame> frames)
    {
        Assert.Equal(Enumerable.Range(1, frames.Count).Select(i => (long)i), frames.Select(f => f.Seq));
        foreach (var frame in frames) CheckForm(frame);
        foreach (var (earlier, later) in frames.Zip(frames.Skip(1))) Assert.True(string.CompareOrdinal(earlier.Timestamp, later.Timestamp) < 0, $"{later.Seq} is not later than {earlier.Seq}: {later.Timestamp}");
        CheckNodes(frames);
        CheckPauses(frames);
        Assert.Equal(frames[^1], Assert.Single(frames, f => f.Is("execution:completed")));
    }

    private static void CheckForm(Frame frame)
    {
        Assert.Contains(frame.Event, Names);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", frame.Timestamp);
        Assert.Equal(JsonValueKind.Object, frame.Data.ValueKind);
        Assert.NotNull(frame.SessionId);
        Assert.Equal(frame.NodeId, frame["node_id"]);
        if (frame.Event is "node_state_change" or "node:parallel_start" or "token_usage") Assert.NotNull(frame.NodeId);
        switch (frame.Event)
        {
            case "token_stream":
                Assert.NotNull(frame["agent_id"]);
                Assert.NotNull(frame["chunk"]);
                Assert.True(frame.Data.GetProperty("is_thinking").ValueKind is JsonValueKind.True or JsonValueKind.False);
                break;
            case "token_usage":
                Assert.NotNull(frame["agent_id"]);
                Assert.True(frame.Data.GetProperty("input_tokens").GetInt64() >= 0);
                Assert.True(frame.Data.GetProperty("output_tokens").GetInt64() >= 0);
                Assert.True(frame.Data.GetProperty("estimated_cost_usd").GetDecimal() >= 0);
                break;
            case "error":
                Assert.NotNull(frame["error"]);
                Assert.NotNull(frame["code"]);
                break;
        }
    }

    private static void CheckNodes(IReadOnlyList<Frame> frames)
    {
        var running = new HashSet<string>();
        var announced = new HashSet<string>();
        var branches = frames.Where(f => f.Is("node:parallel_start")).SelectMany(Branches).ToHashSet();
        var spoke = frames.Where(f => f.Is("token_usage")).Select(f => f.NodeId!).ToHashSet();
        var counted = new HashSet<string>();
        foreach (var frame in frames)
        {
            switch (frame.Event)
            {
                case "node:parallel_start":
                    announced.UnionWith(Branches(frame));
                    break;
                case "token_stream" when frame.NodeId is { } node:
                    Assert.True(running.Contains(node), $"{frame.Seq}: {node} speaks and is not running");
                    break;
                case "token_usage":
                    Assert.Contains(frame.NodeId!, running);
                    counted.Add(frame.NodeId!);
                    break;
                case "node_state_change" when frame["status"] == "running":
                    Assert.True(!branches.Contains(frame.NodeId!) || announced.Contains(frame.NodeId!), $"{frame.Seq}: {frame.NodeId} runs before it was announced");
                    running.Add(frame.NodeId!);
                    break;
                case "node_state_change" when frame["status"] == "completed":
                    Assert.True(!spoke.Contains(frame.NodeId!) || counted.Contains(frame.NodeId!), $"{frame.Seq}: {frame.NodeId} completed before its usage");
                    running.Remove(frame.NodeId!);
                    break;
            }
        }
    }

    private static void CheckPauses(IReadOnlyList<Frame> frames)
    {
        var paused = false;
        foreach (var frame in frames)
        {
            if (frame.Is("execution:paused")) paused = true;
            else if (frame.IsStatus("running")) paused = false;
            Assert.False(paused && frame.Is("token_stream"), $"{frame.Seq}: a token in a session that is paused");
        }
    }

    private static IEnumerable<string> Branches(Frame frame) => frame.Data.GetProperty("branches").EnumerateArray().Select(b => b.GetString()!);
}

using System.Runtime.InteropServices;
using Gateway.Log;

namespace Gateway.Engine;

/// <summary>What a session takes in memory, roughly, in bytes.</summary>
internal static class SessionSize
{
    private const int PerSession = 16 * 1024;
    private const int PerNode = 1024;
    private const int PerEdge = 64;
    private const int PerAgent = 256;

    /// <summary>What it takes before its first event.</summary>
    public static long Of(SessionHeader header)
    {
        var workflow = header.Workflow;
        long characters = header.Input.Length;
        long others = PerSession;
        foreach (var agent in workflow.Agents?.Values ?? [])
        {
            characters += agent.Instructions?.Length ?? 0;
            others += PerAgent;
        }

        foreach (var node in workflow.Nodes?.Values ?? [])
        {
            characters += node.Prompt?.Length ?? 0;
            others += PerNode + (long)PerEdge * (node.Next?.Count ?? 0);
            if (node.With is { } with) others += JsonMarshal.GetRawUtf8Value(with).Length;
        }

        return others + characters * sizeof(char);
    }
}

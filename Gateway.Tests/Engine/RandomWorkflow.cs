using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;

namespace Gateway.Tests.Engine;

/// <summary>A random acyclic workflow with branches and joins, in which everything can be reached.</summary>
internal static class RandomWorkflow
{
    public static WorkflowDefinition Build(Tape tape)
    {
        var types = new Dictionary<string, string> { ["start"] = NodeType.Start };
        var next = new Dictionary<string, List<string>> { ["start"] = [] };
        List<string> open = ["start"];
        var count = tape.Next(12);
        for (var i = 0; i < count; i++)
        {
            var id = $"n{i}";
            var type = tape.Next(8) switch { 0 or 1 => NodeType.Agent, 2 or 3 => NodeType.HumanReview, 4 or 5 => NodeType.Parallel, 6 => WaitForAllTokens.TypeName, _ => Route.TypeName };
            types.Add(id, type);
            next.Add(id, []);
            for (var sources = 1 + tape.Next(3); sources > 0 && open.Count > 0; sources--) Connect(tape.Next(open.Count), id);
            open.AddRange(Enumerable.Repeat(id, type is NodeType.Parallel or Route.TypeName ? 2 + tape.Next(2) : 1));
        }

        while (open.Count > 0) Connect(0, tape.Next(4) == 3 ? "end2" : "end");
        foreach (var end in next.Values.SelectMany(n => n).Where(id => id.StartsWith("end", StringComparison.Ordinal)).Distinct().ToList()) types.Add(end, NodeType.End);

        return new WorkflowDefinition
        {
            Id = "random",
            Agents = new Dictionary<string, AgentDefinition> { ["agent"] = new() { Name = "Agent" } },
            Nodes = types.ToDictionary(t => t.Key, t => new NodeDefinition
            {
                Type = t.Value,
                Agent = t.Value is NodeType.Agent or WaitForAllTokens.TypeName ? "agent" : null,
                Prompt = t.Value == NodeType.HumanReview ? $"{t.Key}?" : null,
                Next = next.GetValueOrDefault(t.Key),
                With = With(t.Key, t.Value),
            }),
        };

        // The way of a route is one of its ways; a join may wait for more tokens than there are ways to it.
        JsonElement? With(string id, string type) => type switch
        {
            WaitForAllTokens.TypeName => JsonElement.Parse($$"""{"tokens":{{1 + tape.Next(3)}}}"""),
            Route.TypeName => JsonElement.Parse($$"""{"to":"{{next[id][tape.Next(next[id].Count)]}}"}"""),
            _ => null,
        };

        void Connect(int slot, string target)
        {
            var source = open[slot];
            open.RemoveAt(slot);
            if (!next[source].Contains(target)) next[source].Add(target);
        }
    }
}

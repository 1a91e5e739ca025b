using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Tests.Engine;

/// <summary>A random workflow with every kind of node: loops within loops, conditions, votes, joins, and what is said on any node.</summary>
/// <remarks>A node of a body is named after its loop, <c>n3_0</c>, so that a test knows the body without the code that it tests.</remarks>
internal static class RandomFlow
{
    /// <summary>With joins that do not wait for all, what becomes of a node depends on who is first.</summary>
    public static WorkflowDefinition Build(Tape tape) => new Builder(tape, mayRace: true).Build();

    /// <summary>Without those, and without a word of users in a condition.</summary>
    public static WorkflowDefinition BuildWithoutRaces(Tape tape) => new Builder(tape, mayRace: false).Build();

    /// <summary>The loop whose body a node belongs to; null when it is in none.</summary>
    public static string? LoopOf(string id) => id.LastIndexOf('_') is > 0 and var end ? id[..end] : null;

    /// <summary>Where a node leads, its body not counted.</summary>
    public static IEnumerable<string> NextOf(NodeDefinition node) => node.Type == NodeType.Condition
        ? node.With!.Value.GetProperty("when").EnumerateArray().Select(way => way.GetProperty("next").GetString()!).Append(node.With.Value.GetProperty("else").GetString()!).Distinct()
        : node.Next ?? [];

    private sealed class Builder(Tape tape, bool mayRace)
    {
        private readonly Dictionary<string, string> _types = new() { ["start"] = NodeType.Start };
        private readonly Dictionary<string, List<string>> _next = new() { ["start"] = [] };
        private readonly Dictionary<string, string> _entries = [];
        private readonly Dictionary<string, int> _inBody = [];
        private int _top;

        public WorkflowDefinition Build()
        {
            List<string> open = ["start"];
            Grow(open, tape.Next(9), null, 0);
            while (open.Count > 0) Connect(open, 0, tape.Next(4) == 3 ? "end2" : "end");
            foreach (var end in _next.Values.SelectMany(n => n).Where(id => id.StartsWith("end", StringComparison.Ordinal)).Distinct().ToList()) _types.Add(end, NodeType.End);
            var before = _next.SelectMany(n => n.Value.Where(to => to != LoopOf(n.Key))).GroupBy(to => to).ToDictionary(group => group.Key, group => group.Count());
            return new WorkflowDefinition
            {
                Id = "random",
                Agents = new Dictionary<string, AgentDefinition> { ["agent"] = new() },
                Nodes = _types.ToDictionary(t => t.Key, t => Define(t.Key, t.Value, before.GetValueOrDefault(t.Key))),
            };
        }

        private void Grow(List<string> open, int count, string? loop, int depth)
        {
            for (var i = 0; i < count && open.Count > 0; i++)
            {
                var type = tape.Next(10) switch
                {
                    3 => NodeType.HumanReview,
                    4 or 5 => NodeType.Parallel,
                    6 => NodeType.Condition,
                    7 => NodeType.Vote,
                    8 or 9 when depth < 2 => NodeType.Loop,
                    _ => NodeType.Agent,
                };
                var id = Add(type, loop);
                for (var sources = 1 + tape.Next(3); sources > 0 && open.Count > 0; sources--) Connect(open, tape.Next(open.Count), id);
                if (type == NodeType.Loop)
                {
                    var entry = Add(tape.Next(3) == 2 ? NodeType.Parallel : NodeType.Agent, id);
                    _entries.Add(id, entry);
                    List<string> inside = [.. Enumerable.Repeat(entry, Ways(_types[entry]))];
                    Grow(inside, tape.Next(4), id, depth + 1);
                    while (inside.Count > 0) Connect(inside, 0, id);
                }

                open.AddRange(Enumerable.Repeat(id, Ways(type)));
            }
        }

        private int Ways(string type) => type is NodeType.Parallel or NodeType.Condition ? 2 + tape.Next(2) : 1;

        private string Add(string type, string? loop)
        {
            var id = loop is null ? $"n{_top++}" : $"{loop}_{_inBody[loop] = _inBody.GetValueOrDefault(loop, -1) + 1}";
            _types.Add(id, type);
            _next.Add(id, []);
            return id;
        }

        private void Connect(List<string> open, int slot, string target)
        {
            var source = open[slot];
            open.RemoveAt(slot);
            if (!_next[source].Contains(target)) _next[source].Add(target);
        }

        private NodeDefinition Define(string id, string type, int before)
        {
            if (type == NodeType.Start) return new() { Type = type, Next = _next[id] };
            return new()
            {
                Type = type,
                Agent = type == NodeType.Agent ? "agent" : null,
                Prompt = type == NodeType.HumanReview ? "{{ input }}?" : null,
                Next = type is NodeType.Condition or NodeType.End ? null : _next[id],
                When = tape.Next(7) == 6 ? Condition(id) : null,
                Join = mayRace && before > 1 ? tape.Next(4) switch { 1 => JsonElement.Parse("\"any\""), 2 => JsonElement.Parse("""{"quorum":2}"""), _ => null } : null,
                OnError = tape.Next(12) switch { 8 or 9 => ErrorPolicy.Continue, 10 => ErrorPolicy.Skip, 11 => ErrorPolicy.Fail, _ => null },
                With = type switch
                {
                    NodeType.Condition => Routes(id),
                    NodeType.Loop => JsonElement.Parse($$"""{"body":"{{_entries[id]}}","max_rounds":{{1 + tape.Next(3)}}{{(tape.Next(3) == 2 ? ""","until":"loop.round >= 2" """ : string.Empty)}}}"""),
                    _ => null,
                },
            };
        }

        private JsonElement Routes(string id)
        {
            var ways = _next[id];
            var routes = string.Join(',', ways.Select(to => $$"""{"if":{{JsonSerializer.Serialize(Condition(id))}},"next":"{{to}}"}"""));
            return JsonElement.Parse($$"""{"when":[{{routes}}],"else":"{{ways[^1]}}"}""");
        }

        private string Condition(string id) => tape.Next(mayRace ? 5 : 4) switch
        {
            0 => "input == 'topic'",
            1 => "not (input contains 'topic')",
            2 when LoopOf(id) is not null => "loop.round > 1",
            4 => "conversation.size > 1",
            _ => "1 + 1 > 2",
        };
    }
}

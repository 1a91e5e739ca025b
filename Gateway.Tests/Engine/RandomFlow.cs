using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Workflows;

namespace Gateway.Tests.Engine;

/// <summary>A random workflow with every kind of node: loops, maps and workflows within each other, conditions, votes, reviews, joins, and what is said on any node.</summary>
/// <remarks>
/// A node of a body is named after its loop, <c>n3_0</c>, one of a child workflow has a slash, <c>n3/n0</c>, and one for an item of a map
/// brackets, <c>n3_0[2]</c>; so a test knows who belongs to whom without the code that it tests.
/// </remarks>
internal static class RandomFlow
{
    /// <summary>What the sessions of these workflows work on.</summary>
    public const string Input = """{"topic":"topic","none":[],"one":["a"],"three":["a","b","c"]}""";

    /// <summary>With joins that do not wait for all, what becomes of a node depends on who is first.</summary>
    public static WorkflowDefinition Build(Tape tape) => new Builder(tape, mayRace: true).Build();

    /// <summary>Without those, and without a word of users in a condition.</summary>
    public static WorkflowDefinition BuildWithoutRaces(Tape tape) => new Builder(tape, mayRace: false).Build();

    /// <summary>As its author writes it, and the workflows that are parts of it.</summary>
    public static (WorkflowDefinition Workflow, IReadOnlyDictionary<string, WorkflowDefinition> Children) Write(Tape tape)
    {
        var builder = new Builder(tape, mayRace: true);
        return (builder.Write(), builder.Children);
    }

    /// <summary>The name that the definition has for a node.</summary>
    public static string NameOf(string id) => id.IndexOf('[') is >= 0 and var bracket ? id[..bracket] : id;

    /// <summary>The items that a node stands for, as <c>[2][0]</c>.</summary>
    public static string ItemsOf(string id) => id[NameOf(id).Length..];

    /// <summary>The name of the loop, map or workflow node whose body a node belongs to; null when it is in none.</summary>
    public static string? LoopOf(string name)
    {
        var slash = name.LastIndexOf('/');
        if (name.LastIndexOf('_') is > 0 and var end && end > slash) return name[..end];
        return slash > 0 ? name[..slash] : null;
    }

    /// <summary>The names of where a node leads, its body not counted.</summary>
    public static IEnumerable<string> NextOf(string name, NodeDefinition node)
    {
        var slash = name.LastIndexOf('/') + 1;
        if (node.Type == NodeType.End) return slash > 0 ? [name[..(slash - 1)]] : [];
        var next = node.Type == NodeType.Condition
            ? node.With!.Value.GetProperty("when").EnumerateArray().Select(way => way.GetProperty("next").GetString()!).Append(node.With.Value.GetProperty("else").GetString()!).Distinct()
            : node.Next ?? [];
        return next.Select(to => name[..slash] + to);
    }

    private sealed class Builder(Tape tape, bool mayRace, int depth = 0)
    {
        private readonly Dictionary<string, string> _types = new() { ["start"] = NodeType.Start };
        private readonly Dictionary<string, List<string>> _next = new() { ["start"] = [] };
        private readonly Dictionary<string, string> _entries = [];
        private readonly Dictionary<string, int> _inBody = [];
        private int _top;

        public Dictionary<string, WorkflowDefinition> Children { get; init; } = [];

        public WorkflowDefinition Build()
        {
            var (whole, problems) = ChildWorkflows.PutIn(Write(), TestKinds.All.Shapes, Children.Keys, Children.GetValueOrDefault, null);
            return problems.Count == 0 ? whole : throw new InvalidOperationException(problems[0].Message);
        }

        public WorkflowDefinition Write()
        {
            List<string> open = ["start"];
            Grow(open, tape.Next(depth == 0 ? 9 : 4), null, depth);
            while (open.Count > 0) Connect(open, 0, tape.Next(4) == 3 ? "end2" : "end");
            foreach (var end in _next.Values.SelectMany(n => n).Where(id => id.StartsWith("end", StringComparison.Ordinal)).Distinct().ToList()) _types.Add(end, NodeType.End);
            var before = _next.SelectMany(n => n.Value.Where(to => to != LoopOf(n.Key))).GroupBy(to => to).ToDictionary(group => group.Key, group => group.Count());
            return new WorkflowDefinition
            {
                Id = "random",
                MaxParallel = tape.Next(4) switch { 2 => 1, 3 => 2, _ => null },
                Agents = new Dictionary<string, AgentDefinition> { ["agent"] = new() },
                Nodes = _types.ToDictionary(t => t.Key, t => Define(t.Key, t.Value, before.GetValueOrDefault(t.Key))),
            };
        }

        private void Grow(List<string> open, int count, string? loop, int level)
        {
            for (var i = 0; i < count && open.Count > 0; i++)
            {
                var type = tape.Next(14) switch
                {
                    3 => NodeType.HumanReview,
                    4 or 5 => NodeType.Parallel,
                    6 => NodeType.Condition,
                    7 => NodeType.Vote,
                    8 or 9 when level < 2 => NodeType.Loop,
                    10 or 11 when level < 2 => NodeType.Map,
                    12 when depth < 1 => NodeType.Workflow,
                    13 => NodeType.Tool,
                    _ => NodeType.Agent,
                };
                var id = Add(type, loop);

                // Sometimes as many as there are, so that joins are dense.
                for (var sources = tape.Next(8) == 7 ? 8 : 1 + tape.Next(3); sources > 0 && open.Count > 0; sources--) Connect(open, tape.Next(open.Count), id);
                if (type is NodeType.Loop or NodeType.Map)
                {
                    var entry = Add(tape.Next(3) == 2 ? NodeType.Parallel : NodeType.Agent, id);
                    _entries.Add(id, entry);
                    List<string> inside = [.. Enumerable.Repeat(entry, Ways(_types[entry]))];
                    Grow(inside, tape.Next(4), id, level + 1);
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
            var retry = type is NodeType.Agent or NodeType.Tool ? Retry() : null;
            return new()
            {
                Type = type,
                Agent = type == NodeType.Agent ? "agent" : null,
                Prompt = type == NodeType.HumanReview ? "{{ input }}?" : null,
                Next = type is NodeType.Condition or NodeType.End ? null : _next[id],
                When = tape.Next(7) == 6 ? Condition(id) : null,
                Join = mayRace && before > 1 ? tape.Next(4) switch { 1 => JsonElement.Parse("\"any\""), 2 => JsonElement.Parse("""{"quorum":2}"""), _ => null } : null,
                OnError = tape.Next(12) switch { 8 or 9 => ErrorPolicy.Continue, 10 => ErrorPolicy.Skip, 11 when mayRace || depth == 0 => ErrorPolicy.Fail, _ => null },
                Retry = retry,
                Fallback = type == NodeType.Agent && (mayRace || retry is not null) && tape.Next(6) == 5 ? ["second", "third"] : null,
                Timeout = mayRace && (type is NodeType.Agent or NodeType.Tool or NodeType.Loop or NodeType.Map or NodeType.Workflow) && tape.Next(8) == 7 ? new TimeoutPolicy { Total = "30s" } : null,
                With = type switch
                {
                    NodeType.Condition => Routes(id),

                    // What a person says about a call decides what becomes of its node.
                    NodeType.Tool => JsonElement.Parse($$$"""{"tool":"calculate","arguments":{"expression":"{{ input.size }} + 1"}{{{(mayRace && tape.Next(3) == 2 ? ""","approval":"always" """ : string.Empty)}}}}"""),
                    NodeType.Loop => JsonElement.Parse($$"""{"body":"{{_entries[id]}}","max_rounds":{{1 + tape.Next(3)}}{{(tape.Next(3) == 2 ? ""","until":"loop.round >= 2" """ : string.Empty)}}}"""),
                    NodeType.Map => JsonElement.Parse($$"""{"body":"{{_entries[id]}}","over":"input.{{tape.Next(4) switch { 1 => "none", 2 => "one", _ => "three" }}}","max_parallel":{{1 + tape.Next(3)}}}"""),
                    NodeType.Workflow => JsonElement.Parse($$"""{"workflow":"{{Child()}}"{{(tape.Next(2) == 1 ? $",\"input\":{Input}" : string.Empty)}}}"""),
                    NodeType.HumanReview when mayRace => tape.Next(4) switch
                    {
                        1 => JsonElement.Parse("""{"remind_in":"1h","expires_in":"1d"}"""),
                        2 => JsonElement.Parse("""{"expires_in":"1d","on_expiry":"skip"}"""),
                        3 => JsonElement.Parse("""{"expires_in":"1d","on_expiry":"approve"}"""),
                        _ => null,
                    },
                    _ => null,
                },
            };
        }

        // Without races whether something has been said before the failure decides nothing.
        private RetryPolicy? Retry() => tape.Next(6) switch
        {
            4 => new RetryPolicy { Max = 1, Backoff = "0", Restart = !mayRace || tape.Next(2) == 1 },
            5 => new RetryPolicy { Max = 2, Backoff = "10s", Restart = !mayRace || tape.Next(2) == 1 },
            _ => null,
        };

        private string Child()
        {
            var name = $"child{Children.Count}";
            Children.Add(name, new Builder(tape, mayRace, depth + 1) { Children = Children }.Write());
            return name;
        }

        private JsonElement Routes(string id)
        {
            var ways = _next[id];
            var routes = string.Join(',', ways.Select(to => $$"""{"if":{{JsonSerializer.Serialize(Condition(id))}},"next":"{{to}}"}"""));
            return JsonElement.Parse($$"""{"when":[{{routes}}],"else":"{{ways[^1]}}"}""");
        }

        private string Condition(string id) => tape.Next(mayRace ? 6 : 5) switch
        {
            0 => "input.topic == 'topic'",
            1 => "not (input contains 'topic')",
            2 when Around(id, NodeType.Loop) => "loop.round > 1",
            3 when Around(id, NodeType.Map) => "map.index > 0",
            5 => "conversation.size > 1",
            _ => "1 + 1 > 2",
        };

        private bool Around(string id, string type)
        {
            for (var loop = LoopOf(id); loop is not null; loop = LoopOf(loop))
            {
                if (_types[loop] == type) return true;
            }

            return false;
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Chaos;

/// <summary>Bodies of starts: good, bad, and made to be expensive.</summary>
internal static class WildDefinitions
{
    /// <summary>A start with a definition of any kind.</summary>
    public static string Start(string id, Random random) => random.Next(10) switch
    {
        0 or 1 or 2 => Of(id, Layers(random, depth: 1 + random.Next(4), "agent"), "short"),
        3 => Of(id, Layers(random, depth: 1 + random.Next(3), "human_review"), "short"),
        4 => Of(id, Ladder(20 + random.Next(30)), "x"),
        5 => Of(id, Layers(random, depth: 2, "agent"), new string('y', random.Next(200_000))),
        6 => NearMisses(id, random),
        7 => Wide(id, random.Next(100, 900)),
        8 => $$$"""{"session_id":"{{{id}}}","workflow":{"x":[{{{string.Join(',', Enumerable.Repeat(0, random.Next(100_000)))}}}]}}""",
        _ => $$"""{"session_id":"{{id}}","workflow_id":"{{(random.Next(2) == 0 ? "council-debate" : "no-such")}}","subject":"{{random.Next()}}"}""",
    };

    // Layers of up to three nodes, each leading to some of the next.
    private static Dictionary<string, object> Layers(Random random, int depth, string type)
    {
        var nodes = new Dictionary<string, object> { ["s"] = new { type = "start", next = "p0" } };
        for (var layer = 0; layer < depth; layer++)
        {
            var names = Enumerable.Range(0, 2 + random.Next(2)).Select(i => string.Create(CultureInfo.InvariantCulture, $"n{layer}-{i}")).ToArray();
            nodes[$"p{layer}"] = new { type = "parallel", next = names };
            var next = layer + 1 < depth ? $"p{layer + 1}" : "e";
            foreach (var name in names) nodes[name] = type == "agent" ? new { type, agent = "a", next } : new { type, prompt = "And?", next };
        }

        nodes["e"] = new { type = "end" };
        return nodes;
    }

    // So many layers of two parallel nodes, each leading to both of the next: two to the power of the layers ways.
    private static Dictionary<string, object> Ladder(int layers)
    {
        var nodes = new Dictionary<string, object> { ["s"] = new { type = "start", next = "p" }, ["p"] = new { type = "parallel", next = new[] { "a1", "b1" } }, ["e"] = new { type = "end" } };
        for (var i = 1; i <= layers; i++)
        {
            foreach (var side in "ab") nodes[$"{side}{i}"] = new { type = "parallel", next = i < layers ? [$"a{i + 1}", $"b{i + 1}"] : new[] { "e" } };
        }

        return nodes;
    }

    private static string Of(string id, Dictionary<string, object> nodes, string subject) =>
        JsonSerializer.Serialize(new { session_id = id, subject, workflow = new { agents = new { a = new { max_output_tokens = 30 } }, nodes } });

    // A hundred names that are nearly one of the nine hundred that there are.
    private static string NearMisses(string id, Random random)
    {
        var prefix = new string('a', 50 + random.Next(10));
        var nodes = Enumerable.Range(0, 900).ToDictionary(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i:0000}"), object (_) => new { type = "end" });
        nodes["p"] = new { type = "parallel", next = Enumerable.Range(0, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}{(char)('w' + i % 4)}{i:000}")) };
        return Of(id, nodes, "x");
    }

    // A definition with many unknown keys.
    private static string Wide(string id, int keys)
    {
        var text = new StringBuilder($$"""{"session_id":"{{id}}","workflow":{""");
        for (var i = 0; i < keys * 20; i++) text.Append(CultureInfo.InvariantCulture, $"\"k{i}\":0,");
        return text.Append("\"nodes\":{}}}").ToString();
    }
}

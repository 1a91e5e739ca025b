using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Finds paths of templates and expressions that cannot lead anywhere, whatever a session does.</summary>
internal sealed class PathCheck(IReadOnlyDictionary<string, NodeDefinition> nodes, JsonElement? inputs, GraphCheck graph, ProblemList problems)
{
    /// <summary>The names that paths can begin with.</summary>
    public static readonly IReadOnlyList<string> Roots = ["input", "nodes", "loop", "conversation"];

    /// <summary>What a node has.</summary>
    public static readonly IReadOnlyList<string> NodeMembers = ["text", "json", "status", "error"];

    /// <summary>What a loop has.</summary>
    public static readonly IReadOnlyList<string> LoopMembers = ["round"];

    /// <summary>Reports a path that cannot exist.</summary>
    public void Check(PathUse use)
    {
        var names = use.Path.Names;
        switch (use.Path.Root)
        {
            case "input":
                if (names.Count > 1) CheckInput(use, names[1]);
                break;
            case "conversation":
                break;
            case "loop":
                if (graph.LoopAround(use.Node) is null) Report(use, "only a loop and the nodes of its body have rounds");
                else Member(use, 1, LoopMembers);
                break;
            case "nodes":
                CheckNode(use);
                break;
            default:
                Unknown(use, $"paths begin with {string.Join(", ", Roots)}", use.Path.Root, Roots);
                break;
        }

        void CheckNode(PathUse path)
        {
            // Without a name, or with one that is known only when it is read, nothing can be said here.
            if (names.Count < 2) Report(path, "it needs the name of a node, such as nodes.draft.text");
            else if (!nodes.ContainsKey(names[1])) Unknown(path, $"there is no node '{Naming.Show(names[1])}'", names[1], nodes.Keys);
            else if (graph.CanHaveRun(names[1], path.Node)) Member(path, 2, NodeMembers);
            else if (names[1] == path.Node) Report(path, "outside of a loop a node cannot read itself");
            else Report(path, $"'{Naming.Show(names[1])}' cannot have run before this node; name one that leads here");
        }
    }

    // Where the schema of the input names all members there can be.
    private void CheckInput(PathUse use, string name)
    {
        if (inputs is not { ValueKind: JsonValueKind.Object } schema || !schema.TryGetProperty("additionalProperties", out var more) || more.ValueKind != JsonValueKind.False) return;
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object || properties.TryGetProperty(name, out _)) return;
        if (name == "size") return;
        Unknown(use, $"'inputs' has {string.Join(", ", properties.EnumerateObject().Take(10).Select(property => Naming.Show(property.Name)))}", name, properties.EnumerateObject().Select(property => property.Name));
    }

    private void Member(PathUse use, int at, IReadOnlyList<string> known)
    {
        if (use.Path.Names.Count <= at) Report(use, $"it needs one of {string.Join(", ", known)} behind it");
        else if (!known.Contains(use.Path.Names[at])) Unknown(use, $"there is {string.Join(", ", known)}", use.Path.Names[at], known);
    }

    private void Report(PathUse use, string reason) => problems.Add(use.Where, $"The path '{Naming.Show(use.Path.ToString())}' leads nowhere: {reason}.");

    private void Unknown(PathUse use, string reason, string name, IEnumerable<string> known) =>
        problems.AddUnknown(use.Where, $"The path '{Naming.Show(use.Path.ToString())}' leads nowhere: {reason}", name, known);
}

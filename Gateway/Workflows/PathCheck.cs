using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Finds paths of templates and expressions that cannot lead anywhere, whatever a session does.</summary>
internal sealed class PathCheck(IReadOnlyDictionary<string, NodeDefinition> nodes, JsonElement? inputs, GraphCheck graph, ProblemList problems)
{
    /// <summary>The names that paths can begin with.</summary>
    public static readonly IReadOnlyList<string> Roots = ["input", "nodes", "loop", "conversation"];

    // Words that mean something in templates or expressions, and "map", which a map's body reads.
    private static readonly string[] s_words = ["map", "and", "or", "not", "contains", "true", "false", "null", "nil", "empty", "blank", "if", "unless", "for", "in", "else", "elsif", "forloop", "parentloop"];

    /// <summary>What a map has, for the nodes of its body.</summary>
    public static readonly IReadOnlyList<string> MapMembers = ["index", "size"];

    /// <summary>What a node has.</summary>
    public static readonly IReadOnlyList<string> NodeMembers = ["text", "json", "status", "error"];

    /// <summary>What a loop has.</summary>
    public static readonly IReadOnlyList<string> LoopMembers = ["round"];

    /// <summary>Whether a map may call its items so, in templates and expressions alike.</summary>
    public static bool IsName(string name) =>
        name is [>= 'a' and <= 'z' or >= 'A' and <= 'Z', ..] && name.Length <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !Roots.Contains(name) && !s_words.Contains(name);

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
                CheckItem(use);
                break;
        }

        void CheckItem(PathUse path)
        {
            // An item is any JSON, so what it has is known only when it is read.
            var items = graph.ItemNames(path.Node);
            if (items.Contains(path.Path.Root)) return;
            if (items.Count > 0 && path.Path.Root == "map")
            {
                Member(path, 1, MapMembers);
                return;
            }

            IReadOnlyList<string> known = items.Count == 0 ? Roots : [.. Roots, .. items.Distinct(), "map"];
            Unknown(path, $"paths begin with {string.Join(", ", known)}", path.Path.Root, known);
        }

        void CheckNode(PathUse path)
        {
            // Without a name, or with one that is known only when it is read, nothing can be said here.
            if (names.Count < 2) Report(path, "it needs the name of a node, such as nodes.draft.text");
            else if (!nodes.ContainsKey(names[1])) Unknown(path, $"there is no node '{Naming.Show(names[1])}'", names[1], nodes.Keys);
            else if (graph.MapBetween(names[1], path.Node) is { } map) Report(path, $"there is one '{Naming.Show(names[1])}' for each item of the map '{Naming.Show(map)}'; read nodes.{Naming.Show(map)}.json, the list of what its items hand on");
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

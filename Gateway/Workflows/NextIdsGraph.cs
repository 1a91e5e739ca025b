namespace Gateway.Workflows;

/// <summary>Turns a graph in the format of the system that the gateway replaces into the values of a workflow file.</summary>
/// <remarks>
/// There a node has <c>next_ids</c> and <c>properties</c>; several <c>next_ids</c> run side by side whatever the node's type, and a loop stands
/// behind its body: its first way goes back to the body's first node, its second one on. Here a loop stands before its body, so what led to that
/// node from outside of the body leads to the loop. Every value keeps its place in the text. What has no counterpart is a problem.
/// </remarks>
internal sealed class NextIdsGraph
{
    // Far more than a graph with a thousand nodes and loops of a sensible size needs.
    private const int MaxSteps = 500_000;

    private static readonly string[] WorkflowKeys = ["workflow_uuid", "workflow_id", "id", "name", "description", "start_node_id", "nodes", "agents"];
    private static readonly string[] NodeKeys = ["node_id", "id", "type", "name", "next_ids", "properties", "position"];

    private readonly SourceProblems _problems;
    private readonly List<SourceEntry> _agents = [];
    private readonly List<NextIdsNode> _nodes = [];
    private readonly Dictionary<string, NextIdsNode> _byId = new(StringComparer.Ordinal);
    private int _steps;

    private NextIdsGraph(SourceProblems problems) => _problems = problems;

    /// <summary>Whether a text is of this format.</summary>
    public static bool Is(SourceNode root) => root is SourceMapping { Entries: var entries } && entries.Any(entry => entry.Key is "start_node_id" or "workflow_uuid");

    /// <summary>The values of a workflow file.</summary>
    public static SourceNode Convert(SourceNode root, SourceProblems problems) => new NextIdsGraph(problems).Convert((SourceMapping)root);

    private SourceMapping Convert(SourceMapping root)
    {
        Refuse(root, string.Empty, WorkflowKeys);
        var nodes = Find(root, "nodes");

        // Here and not only behind: to find agents and bodies takes the square of their number.
        foreach (var many in new[] { nodes, Find(root, "agents") }.OfType<SourceMapping>().Where(many => many.Entries.Count > WorkflowValidator.MaxNodes))
        {
            throw new SourceException(many.At, $"There are {many.Entries.Count} nodes or agents; a workflow has at most {WorkflowValidator.MaxNodes} of each.");
        }

        if (Find(root, "agents") is SourceMapping agents) _agents.AddRange(agents.Entries);
        if (nodes is SourceMapping mapping) ReadNodes(mapping);
        Begin(Find(root, "start_node_id"));
        foreach (var node in _nodes.Where(node => node.Type == "loop").ToList()) PutBefore(node);
        foreach (var node in _nodes.ToList()) Spread(node);

        var entries = new List<SourceEntry>();
        if ((Entry(root, "workflow_uuid") ?? Entry(root, "workflow_id") ?? Entry(root, "id")) is { } id) entries.Add(id with { Key = "id" });
        entries.AddRange(root.Entries.Where(entry => entry.Key is "name" or "description"));
        if (_agents.Count > 0) entries.Add(new SourceEntry("agents", root.At, new SourceMapping(root.At, _agents)));
        if (Entry(root, "nodes") is { } all) entries.Add(all with { Value = nodes is SourceMapping ? new SourceMapping(all.Value.At, [.. _nodes.Select(node => node.ToEntry())]) : all.Value });
        return new SourceMapping(root.At, entries);
    }

    private void ReadNodes(SourceMapping nodes)
    {
        foreach (var entry in nodes.Entries)
        {
            var path = SourcePath.Member("nodes", entry.Key);
            if (entry.Value is not SourceMapping mapping)
            {
                Add(new NextIdsNode(entry.Key, entry.At, null) { At = entry.At, Raw = entry.Value });
                continue;
            }

            Refuse(mapping, path, NodeKeys);
            if ((Entry(mapping, "node_id") ?? Entry(mapping, "id")) is { Value: SourceScalar own } named && own.Value != entry.Key)
            {
                _problems.Report(named.At, $"{path}.{named.Key}", $"The node is called '{Naming.Show(own.Value)}' here and '{Naming.Show(entry.Key)}' where it begins; write one name.");
            }

            var node = new NextIdsNode(entry.Key, entry.At, Find(mapping, "type")) { At = mapping.At };
            node.Next.AddRange(Find(mapping, "next_ids") switch
            {
                SourceList list => list.Items,
                null => [],
                var other => [other],
            });
            Add(node);
            Map(node, path, Find(mapping, "name"), Find(mapping, "properties"));
        }
    }

    private void Add(NextIdsNode node)
    {
        _nodes.Add(node);
        _byId[node.Id] = node;
    }

    private void Map(NextIdsNode node, string path, SourceNode? name, SourceNode? given)
    {
        var properties = new NextIdsProperties(given, $"{path}.properties", _problems);
        switch (node.Type)
        {
            case "start" or "parallel":
                break;
            case "sequence":
                // One step follows the other in their own ways, so it is a place that is passed.
                node.Become("parallel");
                if (node.Next.Count > 1) _problems.Report(node.At, $"{path}.next_ids", "A sequence that names several steps has no counterpart; lead from each step to the next one.");
                break;
            case "agent":
                Speak(node, properties.Take("agent_uuid") ?? properties.Take("agent_id"), name, properties);
                break;
            case "llm":
                Speak(node, null, name, properties);
                break;
            case "loop":
                if (properties.Take("max_rounds") is { Value.Value: not "0" } rounds) node.With.Add(rounds.ToEntry());
                if (properties.Take("exit_on_score") is { Value.Value: not "0" } score) node.With.Add(score.ToEntry());
                if (node.Next.Count != 2) _problems.Report(node.At, $"{path}.next_ids", $"A loop has two 'next_ids', and this one has {node.Next.Count}; name the first node of its body, then the node that follows the loop.");
                break;
            case "vote":
                if (properties.Take("threshold") is { } threshold) node.With.Add(threshold.ToEntry());
                if (properties.Take("vote_type") is { } kind) node.With.Add(kind.Named("kind").ToEntry());
                if (properties.Take("quorum") is { } quorum) node.With.Add(quorum.ToEntry());
                if (properties.Take("tie") is { } tie) node.With.Add(tie.ToEntry());
                break;
            case "human_review":
                var prompt = properties.Take("prompt");
                node.Members.Add(new SourceEntry("prompt", prompt?.At ?? node.At, prompt?.Value ?? Text(node.At, $"{(name as SourceScalar)?.Value ?? node.Id}: what do you say?")));
                if (properties.Take("timeout_minutes") is { Value.Value: not "0" } minutes) node.With.Add(new SourceEntry("expires_in", minutes.At, Text(minutes.Value.At, minutes.Value.Value + "m")));
                if (node.With.Count > 0 && properties.Take("allow_skip") is { } skip) node.With.Add(new SourceEntry("on_expiry", skip.At, Text(skip.Value.At, skip.Value.Value == "true" ? "skip" : "fail")));
                break;
            case "end":
                Summarize(node, name, properties);
                break;
            default:
                // A kind of the same name, the gateway's or its host's, takes the properties; without one, the type is a problem.
                node.With.AddRange(properties.TakeAll());
                break;
        }

        properties.RefuseRest(node.Type);
    }

    // Who speaks was known to a database. An agent that the file does not describe gets the node's name.
    private void Speak(NextIdsNode node, NextIdsProperty? agent, SourceNode? name, NextIdsProperties properties)
    {
        var isCall = node.Type == "llm";
        if (isCall) node.Become("agent");
        if (agent is null && !isCall) return;
        var id = agent?.Value ?? Text(node.At, node.Id);
        node.Members.Add(new SourceEntry("agent", agent?.At ?? node.At, id));
        if (_agents.Exists(known => known.Key == id.Value)) return;
        var members = new List<SourceEntry>();
        if (name is SourceScalar) members.Add(new SourceEntry("name", name.At, name));
        if (isCall && Instructions(properties) is { } instructions) members.Add(new SourceEntry("instructions", instructions.At, instructions));
        if (properties.Take("model") is { } model) members.Add(model.ToEntry());
        if (properties.Take("temperature") is { } temperature) members.Add(temperature.ToEntry());
        if (properties.Take("max_tokens") is { } most) members.Add(most.Named("max_output_tokens").ToEntry());
        _agents.Add(new SourceEntry(id.Value, agent?.At ?? node.At, new SourceMapping(node.At, members)));
    }

    private static SourceScalar? Instructions(NextIdsProperties properties)
    {
        var (system, prompt) = (properties.Take("system_prompt"), properties.Take("prompt"));
        return system is null ? prompt?.Value : prompt is null ? system.Value : Text(system.Value.At, $"{system.Value.Value}\n\n{prompt.Value.Value}");
    }

    // There an end with a prompt asks a model for a summary; here an agent does, and then the session ends.
    private void Summarize(NextIdsNode node, SourceNode? name, NextIdsProperties properties)
    {
        if (properties.Take("summary_prompt") is not { } prompt) return;
        node.Become("agent");
        var members = new List<SourceEntry>();
        if (name is SourceScalar) members.Add(new SourceEntry("name", name.At, name));
        members.Add(prompt.Named("instructions").ToEntry());
        if (properties.Take("model") is { } model) members.Add(model.ToEntry());
        _agents.Add(new SourceEntry(node.Id, node.At, new SourceMapping(node.At, members)));
        node.Members.Add(new SourceEntry("agent", node.At, Text(node.At, node.Id)));
        var end = new NextIdsNode(Free(node.Id + "_end"), node.At, Text(node.At, "end")) { At = node.At };
        node.Next.Add(Text(node.At, end.Id));
        Add(end);
    }

    private void Begin(SourceNode? first)
    {
        if (first is not SourceScalar named)
        {
            if (first is not null) _problems.Report(first.At, "start_node_id", "Expected the id of a node.");
            return;
        }

        if (!_byId.TryGetValue(named.Value, out var node))
        {
            _problems.Report(named.At, "start_node_id", $"There is no node '{Naming.Show(named.Value)}'; name the node that the session begins at.");
        }
        else if (node.Type != "start")
        {
            if (_nodes.TrueForAll(other => other.Type != "start")) Insert(node, "start", named.At);
            else _problems.Report(named.At, "start_node_id", $"'{Naming.Show(named.Value)}' is no node of type 'start', and the graph has one; name that.");
        }

        void Insert(NextIdsNode before, string type, Position at)
        {
            var start = new NextIdsNode(Free(type), at, Text(at, type)) { At = at };
            start.Next.Add(Text(at, before.Id));
            Add(start);
        }
    }

    // The loop's first way leads to the body's first node; whatever else outside of the body led there leads to the loop.
    private void PutBefore(NextIdsNode loop)
    {
        if (loop.Next is not [SourceScalar first, ..] || !_byId.ContainsKey(first.Value) || _steps > MaxSteps) return;
        var body = new HashSet<string>(StringComparer.Ordinal) { first.Value };
        var open = new Stack<string>(body);
        var leadsBack = false;
        while (open.TryPop(out var id))
        {
            if (!_byId.TryGetValue(id, out var node)) continue;
            foreach (var next in node.Next.OfType<SourceScalar>())
            {
                if (++_steps > MaxSteps)
                {
                    _problems.Report(loop.At, $"nodes.{Naming.Show(loop.Id)}", "The graph has so many loops and ways that their bodies are not looked for; write it in the gateway's own format.");
                    return;
                }

                leadsBack |= next.Value == loop.Id;
                if (next.Value != loop.Id && body.Add(next.Value)) open.Push(next.Value);
            }
        }

        if (!leadsBack || body.Contains(loop.Id)) return;
        foreach (var node in _nodes.Where(node => node != loop && !body.Contains(node.Id)))
        {
            for (var i = 0; i < node.Next.Count; i++)
            {
                if (node.Next[i] is SourceScalar to && to.Value == first.Value) node.Next[i] = to with { Value = loop.Id };
            }
        }
    }

    private void Spread(NextIdsNode node)
    {
        if (node.Type == "loop")
        {
            if (node.Next is [SourceScalar body, ..]) node.With.Add(new SourceEntry("body", body.At, body));
            if (node.Next.Count > 0) node.Next.RemoveAt(0);
        }

        if (node.Next.Count < 2 || node.Type is "parallel" or "loop") return;
        var fork = new NextIdsNode(Free(node.Id + "_next"), node.At, Text(node.At, "parallel")) { At = node.At };
        fork.Next.AddRange(node.Next);
        node.Next.Clear();
        node.Next.Add(Text(node.At, fork.Id));
        Add(fork);
    }

    private string Free(string id)
    {
        var free = id;
        for (var i = 2; _byId.ContainsKey(free); i++) free = $"{id}{i}";
        return free;
    }

    private void Refuse(SourceMapping mapping, string path, string[] known)
    {
        foreach (var entry in mapping.Entries.Where(entry => !known.Contains(entry.Key)))
        {
            _problems.Report(entry.At, SourcePath.Member(path, entry.Key), $"Unknown key '{Naming.Show(entry.Key)}'; the keys here are {string.Join(", ", known)}.");
        }
    }

    private static SourceScalar Text(Position at, string value) => new(at, value, CanBeText: true, CanBeNumber: false);

    private static SourceEntry? Entry(SourceMapping mapping, string key) => mapping.Entries.FirstOrDefault(entry => entry.Key == key && entry.Value is not SourceNull);

    private static SourceNode? Find(SourceMapping mapping, string key) => Entry(mapping, key)?.Value;
}

using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Turns the tree of a file into a definition; reports unknown keys and wrong shapes.</summary>
/// <param name="problems">Takes what is wrong.</param>
/// <param name="positions">Takes where each path stands in the file; null when nobody asks.</param>
internal sealed class WorkflowMapper(SourceProblems problems, IDictionary<string, Position>? positions)
{
    private static readonly string[] WorkflowKeys = ["id", "name", "description", "inputs", "budget", "defaults", "max_parallel", "agents", "nodes"];
    private static readonly string[] DefaultsKeys = ["model", "temperature", "max_output_tokens", "max_tool_rounds", "on_error", "retry", "timeout", "fallback"];
    private static readonly string[] AgentKeys = ["name", "instructions", "model", "temperature", "max_output_tokens", "tools", "approval", "max_tool_rounds"];
    private static readonly string[] NodeKeys = ["type", "next", "agent", "prompt", "when", "join", "on_error", "retry", "timeout", "fallback", "budget", "with"];
    private static readonly string[] RetryKeys = ["max", "backoff", "jitter", "on", "restart"];
    private static readonly string[] TimeoutKeys = ["total", "first_token", "idle"];
    private static readonly string[] BudgetKeys = ["tokens", "usd", "duration"];

    /// <summary>Whether agents or nodes could not be read at all, so that what is missing of them is not known to be missing.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>The definition; null when there is none.</summary>
    public WorkflowDefinition? Map(SourceNode root, string defaultId)
    {
        if (root is SourceNull)
        {
            problems.Report(root.At, string.Empty, "The file is empty; a workflow has 'agents' and 'nodes'.");
            return null;
        }

        if (root is SourceFault || Members(root, string.Empty, WorkflowKeys) is not { } members) return null;
        return new WorkflowDefinition
        {
            Id = Text(members, "id", "id") ?? defaultId,
            Name = Text(members, "name", "name"),
            Description = Text(members, "description", "description"),
            Inputs = Json(members, "inputs", "inputs"),
            Budget = Budget(members, "budget"),
            Defaults = Find(members, "defaults") is { } defaults ? Defaults(defaults, "defaults") : null,
            MaxParallel = WholeNumber(members, "max_parallel", "max_parallel"),
            Agents = Children(members, "agents", Agent),
            Nodes = Children(members, "nodes", Node),
        };
    }

    private WorkflowDefaults? Defaults(SourceNode node, string path) =>
        Members(node, path, DefaultsKeys) is not { } members ? null : new WorkflowDefaults
        {
            Model = Text(members, "model", $"{path}.model"),
            Temperature = Number(members, "temperature", $"{path}.temperature"),
            MaxOutputTokens = WholeNumber(members, "max_output_tokens", $"{path}.max_output_tokens"),
            MaxToolRounds = WholeNumber(members, "max_tool_rounds", $"{path}.max_tool_rounds"),
            OnError = Text(members, "on_error", $"{path}.on_error"),
            Retry = Find(members, "retry") is { } retry ? Retry(retry, $"{path}.retry") : null,
            Timeout = Find(members, "timeout") is { } timeout ? Timeout(timeout, $"{path}.timeout") : null,
            Fallback = TextOrList(members, "fallback", $"{path}.fallback", "the name of a model", "a list of names"),
        };

    private AgentDefinition? Agent(SourceNode node, string path) =>
        Members(node, path, AgentKeys) is not { } members ? null : new AgentDefinition
        {
            Name = Text(members, "name", $"{path}.name"),
            Instructions = Text(members, "instructions", $"{path}.instructions"),
            Model = Text(members, "model", $"{path}.model"),
            Temperature = Number(members, "temperature", $"{path}.temperature"),
            MaxOutputTokens = WholeNumber(members, "max_output_tokens", $"{path}.max_output_tokens"),
            Tools = Texts(members, "tools", $"{path}.tools"),
            Approval = TextsByName(members, "approval", $"{path}.approval"),
            MaxToolRounds = WholeNumber(members, "max_tool_rounds", $"{path}.max_tool_rounds"),
        };

    private NodeDefinition? Node(SourceNode node, string path) =>
        Members(node, path, NodeKeys) is not { } members ? null : new NodeDefinition
        {
            Type = Text(members, "type", $"{path}.type"),
            Next = TextOrList(members, "next", $"{path}.next", "the id of a node", "a list of ids"),
            Agent = Text(members, "agent", $"{path}.agent"),
            Prompt = Text(members, "prompt", $"{path}.prompt"),
            When = Text(members, "when", $"{path}.when"),
            Join = Find(members, "join") is { } join ? FreeJson.Read(join, $"{path}.join", positions) : null,
            OnError = Text(members, "on_error", $"{path}.on_error"),
            Retry = Find(members, "retry") is { } retry ? Retry(retry, $"{path}.retry") : null,
            Timeout = Find(members, "timeout") is { } timeout ? Timeout(timeout, $"{path}.timeout") : null,
            Fallback = TextOrList(members, "fallback", $"{path}.fallback", "the name of a model", "a list of names"),
            Budget = Budget(members, $"{path}.budget"),
            With = Json(members, "with", $"{path}.with"),
        };

    private RetryPolicy? Retry(SourceNode node, string path) =>
        Members(node, path, RetryKeys) is not { } members ? null : new RetryPolicy
        {
            Max = WholeNumber(members, "max", $"{path}.max"),
            Backoff = Time(members, "backoff", $"{path}.backoff"),
            Jitter = Number(members, "jitter", $"{path}.jitter"),
            On = Texts(members, "on", $"{path}.on"),
            Restart = TrueOrFalse(members, "restart", $"{path}.restart"),
        };

    private TimeoutPolicy? Timeout(SourceNode node, string path) =>
        Members(node, path, TimeoutKeys) is not { } members ? null : new TimeoutPolicy
        {
            Total = Time(members, "total", $"{path}.total"),
            FirstToken = Time(members, "first_token", $"{path}.first_token"),
            Idle = Time(members, "idle", $"{path}.idle"),
        };

    private BudgetPolicy? Budget(Dictionary<string, SourceNode> members, string path)
    {
        if (Find(members, "budget") is not { } budget || Members(budget, path, BudgetKeys) is not { } measures) return null;
        var policy = new BudgetPolicy
        {
            Tokens = Read<long>(measures, "tokens", $"{path}.tokens", NumberStyles.AllowLeadingSign, "a whole number"),
            Usd = Read<decimal>(measures, "usd", $"{path}.usd", NumberStyles.Float, "a number"),
            Duration = Time(measures, "duration", $"{path}.duration"),
        };

        // What cannot be read has been reported, and is not missing.
        return measures.Count > 0 && policy == new BudgetPolicy() ? null : policy;
    }

    // Agents or nodes by id, in the order of the file. An empty one stays in, as null, so that the validator can report it.
    private Dictionary<string, T>? Children<T>(Dictionary<string, SourceNode> members, string key, Func<SourceNode, string, T?> map)
        where T : class
    {
        if (Find(members, key) is not { } node) return null;
        if (node is not SourceMapping mapping)
        {
            problems.Report(node.At, key, $"Expected {key} by id, such as '{key}: {{ some_id: {{ ... }} }}', not {Describe(node)}.");
            IsIncomplete = true;
            return null;
        }

        var children = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            var path = SourcePath.Member(key, entry.Key);
            positions?.TryAdd(path, entry.At);
            if (entry.Value is SourceNull) children[entry.Key] = null!;
            else if (entry.Value is not SourceFault && map(entry.Value, path) is { } child) children[entry.Key] = child;
        }

        return children;
    }

    private Dictionary<string, SourceNode>? Members(SourceNode node, string path, string[] known)
    {
        if (node is not SourceMapping mapping)
        {
            problems.Report(node.At, path, $"Expected keys with values, not {Describe(node)}.");
            return null;
        }

        var members = new Dictionary<string, SourceNode>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            var entryPath = SourcePath.Member(path, entry.Key);
            positions?.TryAdd(entryPath, entry.At);
            if (known.Contains(entry.Key)) members.Add(entry.Key, entry.Value);
            else if (entry.Value is not SourceFault) problems.Report(entry.At, entryPath, $"Unknown key '{Naming.Show(entry.Key)}'; " + (Naming.Nearest(entry.Key, known) is { } nearest ? $"did you mean '{nearest}'?" : $"the keys here are {string.Join(", ", known)}."));
        }

        return members;
    }

    private JsonElement? Json(Dictionary<string, SourceNode> members, string key, string path)
    {
        switch (Find(members, key))
        {
            case null:
                return null;
            case SourceMapping mapping:
                return FreeJson.Read(mapping, path, positions);
            case var node:
                problems.Report(node.At, path, $"Expected keys with values, not {Describe(node)}.");
                return null;
        }
    }

    private string? Text(Dictionary<string, SourceNode> members, string key, string path)
    {
        var node = Find(members, key);
        if (node is null) return null;
        if (node is SourceScalar { CanBeText: true } scalar) return scalar.Value;
        problems.Report(node.At, path, $"Expected text, not {Describe(node)}.");
        return null;
    }

    private double? Number(Dictionary<string, SourceNode> members, string key, string path)
    {
        var node = Find(members, key);
        if (node is null) return null;
        if (node is SourceScalar { CanBeNumber: true } scalar && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        problems.Report(node.At, path, $"Expected a number, not {Describe(node)}.");
        return null;
    }

    private int? WholeNumber(Dictionary<string, SourceNode> members, string key, string path)
    {
        var node = Find(members, key);
        if (node is null) return null;
        if (node is SourceScalar { CanBeNumber: true } scalar && int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return value;
        problems.Report(node.At, path, $"Expected a whole number, not {Describe(node)}.");
        return null;
    }

    private TNumber? Read<TNumber>(Dictionary<string, SourceNode> members, string key, string path, NumberStyles style, string what)
        where TNumber : struct, INumber<TNumber>
    {
        var node = Find(members, key);
        if (node is null) return null;
        if (node is SourceScalar { CanBeNumber: true } scalar && TNumber.TryParse(scalar.Value, style, CultureInfo.InvariantCulture, out var value)) return value;
        problems.Report(node.At, path, $"Expected {what}, not {Describe(node)}.");
        return null;
    }

    // What it must be is checked with the definition, which may come as a record, too.
    private string? Time(Dictionary<string, SourceNode> members, string key, string path)
    {
        var node = Find(members, key);
        if (node is null) return null;
        if (node is SourceScalar scalar and ({ CanBeText: true } or { CanBeNumber: true })) return scalar.Value;
        problems.Report(node.At, path, $"Expected a time, such as 30s, not {Describe(node)}.");
        return null;
    }

    private bool? TrueOrFalse(Dictionary<string, SourceNode> members, string key, string path)
    {
        var node = Find(members, key);
        if (node is null) return null;
        if (node is SourceScalar { Value: "true" or "false" } scalar and not { CanBeText: true, CanBeNumber: false }) return scalar.Value == "true";
        problems.Report(node.At, path, $"Expected true or false, not {Describe(node)}.");
        return null;
    }

    private List<string>? TextOrList(Dictionary<string, SourceNode> members, string key, string path, string what, string list)
    {
        switch (Find(members, key))
        {
            case null:
                return null;
            case SourceScalar { CanBeText: true } scalar:
                return [scalar.Value];
            case SourceList several:
                return ReadList(several, path, what);
            case var node:
                problems.Report(node.At, path, $"Expected {what} or {list}, not {Describe(node)}.");
                return null;
        }
    }

    private List<string> ReadList(SourceList list, string path, string what)
    {
        var texts = new List<string>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            // An item that cannot be read is missing from the definition, so the places count without it.
            positions?.TryAdd($"{path}[{texts.Count}]", item.At);
            if (item is SourceScalar { CanBeText: true } scalar) texts.Add(scalar.Value);
            else if (item is not SourceFault) problems.Report(item.At, $"{path}[{i}]", $"Expected {what}, not {Describe(item)}.");
        }

        return texts;
    }

    private List<string>? Texts(Dictionary<string, SourceNode> members, string key, string path)
    {
        switch (Find(members, key))
        {
            case null:
                return null;
            case SourceList list:
                return ReadList(list, path, "a name");
            case var node:
                problems.Report(node.At, path, $"Expected a list of names, not {Describe(node)}.");
                return null;
        }
    }

    private Dictionary<string, string>? TextsByName(Dictionary<string, SourceNode> members, string key, string path)
    {
        if (Find(members, key) is not { } node) return null;
        if (node is not SourceMapping mapping)
        {
            problems.Report(node.At, path, $"Expected keys with values, not {Describe(node)}.");
            return null;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            var at = SourcePath.Member(path, entry.Key);
            positions?.TryAdd(at, entry.At);
            if (entry.Value is SourceScalar { CanBeText: true } scalar) texts[entry.Key] = scalar.Value;
            else if (entry.Value is not SourceFault) problems.Report(entry.At, at, $"Expected text, not {Describe(entry.Value)}.");
        }

        return texts;
    }

    // An empty value counts as absent, and so does one that was reported already.
    private static SourceNode? Find(Dictionary<string, SourceNode> members, string key) =>
        members.GetValueOrDefault(key) is { } node and not (SourceNull or SourceFault) ? node : null;

    private static string Describe(SourceNode node) => node switch
    {
        SourceMapping => "keys with values",
        SourceList => "a list",
        SourceScalar { Value.Length: 0 } => "an empty text",
        SourceScalar scalar => $"'{Naming.Show(scalar.Value)}'",
        _ => "nothing",
    };
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Draws a workflow as a Mermaid flowchart.</summary>
/// <remarks>
/// Nodes get numbers for names, since a name from outside may be a word of the language, and whatever comes from outside stands in
/// quotes with every sign but the plainest written as its number. So no name can end its quotes, open a tag or become a directive.
/// </remarks>
internal sealed class WorkflowDiagram
{
    private const string PlainSigns = " -_.,:()?!+=/";

    private readonly StringBuilder _text = new("flowchart TD\n");
    private readonly WorkflowDefinition _workflow;
    private readonly NodeShapes _shapes;
    private readonly WorkflowGraph _graph;

    private WorkflowDiagram(WorkflowDefinition workflow, NodeShapes shapes)
    {
        _workflow = workflow;
        _shapes = shapes;
        _graph = new WorkflowGraph(workflow, shapes);
    }

    /// <summary>The text of the drawing.</summary>
    /// <param name="workflow">A definition that is valid.</param>
    /// <param name="shapes">The types of its nodes.</param>
    public static string Draw(WorkflowDefinition workflow, NodeShapes shapes) => new WorkflowDiagram(workflow, shapes).Draw();

    private string Draw()
    {
        DrawNodes();
        foreach (var node in _graph.Nodes) DrawWays(node);
        return _text.ToString();
    }

    // A body is a frame with the name of its loop, and may have frames within.
    private void DrawNodes()
    {
        var open = new Stack<(WorkflowNode? Loop, int Next, IReadOnlyList<WorkflowNode> Nodes)>();
        open.Push((null, 0, [.. _graph.Nodes.Where(node => node.Loop is null)]));
        while (open.TryPop(out var frame))
        {
            var (loop, next, nodes) = frame;
            if (next == nodes.Count)
            {
                if (loop is not null) Line(open.Count, "end");
                continue;
            }

            var node = nodes[next];
            open.Push((loop, next + 1, nodes));
            Line(open.Count, Shape(node));
            if (node.Entry is null) continue;
            Line(open.Count, $"subgraph b{Number(node)}[\"{Escape(node.Id)}\"]");
            open.Push((node, 0, node.Maps ? node.Pattern : node.Body));
        }
    }

    private void DrawWays(WorkflowNode node)
    {
        var ways = _shapes.Find(node.Type)?.Ways(node.Definition).ToList() ?? [];
        foreach (var way in ways) DrawWay(node, way.To!, way.Label);
        foreach (var next in node.Definition.Next ?? []) DrawWay(node, next, null);
    }

    private void DrawWay(WorkflowNode node, string to, string? label)
    {
        if (_graph.Find(to) is not { } target) return;
        var arrow = target == node.Loop ? "-.->" : "-->";
        Line(1, $"n{Number(node)} {arrow}{(label is null ? string.Empty : $"|\"{Escape(label)}\"|")} n{Number(target)}");
    }

    private string Shape(WorkflowNode node)
    {
        var (open, close) = _shapes.Find(node.Type)?.Rules switch
        {
            { Begins: true } or { Ends: true } => ("([", "])"),
            { Branches: true } => ("{{", "}}"),
            { Chooses: true } => ("{", "}"),
            { Repeats: true } => ("[[", "]]"),
            { Agent: KeyUse.None, Prompt: not KeyUse.None } => ("[/", "/]"),
            _ => ("[", "]"),
        };
        return $"n{Number(node)}{open}\"{Label(node)}\"{close}";
    }

    private string Label(WorkflowNode node)
    {
        var second = Second(node);
        return second is null || second == node.Id ? Escape(node.Id) : $"{Escape(node.Id)}<br/>{Escape(second)}";
    }

    // Who speaks; else what it is, with what a parameter of the same name says: a tool's or a workflow's name.
    private string? Second(WorkflowNode node)
    {
        var definition = node.Definition;
        if (definition.Agent is { } agent) return _workflow.Agents?.GetValueOrDefault(agent)?.Name ?? agent;
        if (_shapes.Find(node.Type)?.Rules is { Begins: true } or { Ends: true }) return null;
        return definition.With is { ValueKind: JsonValueKind.Object } with && with.TryGetProperty(node.Type, out var named) && named.ValueKind == JsonValueKind.String
            ? $"{node.Type}: {named.GetString()}"
            : node.Type;
    }

    private static string Number(WorkflowNode node) => node.Index.ToString(CultureInfo.InvariantCulture);

    private void Line(int depth, string line) => _text.Append(' ', depth * 2).Append(line).Append('\n');

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in Naming.Show(text))
        {
            if (char.IsLetterOrDigit(c) || PlainSigns.Contains(c, StringComparison.Ordinal)) escaped.Append(c);
            else escaped.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
        }

        return escaped.ToString();
    }
}

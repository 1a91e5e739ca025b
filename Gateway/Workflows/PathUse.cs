using Gateway.Templates;

namespace Gateway.Workflows;

/// <summary>A path that a node's template or expression reads.</summary>
/// <param name="Node">The node.</param>
/// <param name="Where">Where it stands, such as <c>nodes.judge.prompt</c>.</param>
/// <param name="Path">The path.</param>
internal sealed record PathUse(string Node, string Where, TemplatePath Path);

namespace Gateway.Templates;

/// <summary>A path that a template or an expression reads, such as <c>nodes.pro.text</c>.</summary>
/// <param name="Names">Its names as far as they are known before it is read; what stands in brackets is known when it is a name.</param>
internal sealed record TemplatePath(IReadOnlyList<string> Names)
{
    /// <summary>What it begins with.</summary>
    public string Root => Names[0];

    /// <inheritdoc/>
    public override string ToString() => string.Join('.', Names);
}

namespace Gateway.Workflows;

/// <summary>A property of a node of a <see cref="NextIdsGraph"/>.</summary>
/// <param name="Key">Its name.</param>
/// <param name="At">Where it stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record NextIdsProperty(string Key, Position At, SourceScalar Value)
{
    /// <summary>The same under another name.</summary>
    public NextIdsProperty Named(string key) => this with { Key = key };

    /// <summary>The property as a key of a workflow file.</summary>
    public SourceEntry ToEntry() => new(Key, At, Value);
}

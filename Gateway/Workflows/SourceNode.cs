namespace Gateway.Workflows;

/// <summary>A value of a workflow file with the place it stands at; the same for YAML and JSON.</summary>
/// <remarks>The shapes are a closed set, so they share this file.</remarks>
internal abstract record SourceNode(Position At);

/// <summary>Keys with values, in the order of the file; no key twice.</summary>
internal sealed record SourceMapping(Position At, IReadOnlyList<SourceEntry> Entries) : SourceNode(At);

/// <summary>A key with its value.</summary>
internal sealed record SourceEntry(string Key, Position At, SourceNode Value);

/// <summary>A list.</summary>
internal sealed record SourceList(Position At, IReadOnlyList<SourceNode> Items) : SourceNode(At);

/// <summary>A single value. A plain YAML scalar can be read as text or as a number; JSON tells them apart.</summary>
internal sealed record SourceScalar(Position At, string Value, bool CanBeText, bool CanBeNumber) : SourceNode(At);

/// <summary>Nothing: null, or a key without a value.</summary>
internal sealed record SourceNull(Position At) : SourceNode(At);

/// <summary>Something that has been reported as a problem already.</summary>
internal sealed record SourceFault(Position At) : SourceNode(At);

namespace Gateway.Engine;

/// <summary>What a completed node hands on.</summary>
public sealed class NodeOutput
{
    private NodeOutput(string? text) => Text = text;

    /// <summary>What it said in its last attempt.</summary>
    public static NodeOutput Said { get; } = new(text: null);

    /// <summary>What came to it from the nodes before.</summary>
    public static NodeOutput Passed { get; } = new(text: null);

    /// <summary>A text that it makes of what it knows.</summary>
    public static NodeOutput Of(string text) => new(text ?? throw new ArgumentNullException(nameof(text)));

    /// <summary>The text of its making; null for <see cref="Said"/> and <see cref="Passed"/>.</summary>
    internal string? Text { get; }
}

namespace Gateway.Templates;

/// <summary>What the paths of a template begin with, and what it may still take.</summary>
/// <remarks>
/// A value is null, a <see cref="bool"/>, a <see cref="decimal"/>, a <see cref="string"/>, a list of texts, a JSON object or list, or an <see cref="ITemplateObject"/>.
/// </remarks>
internal abstract class TemplateScope
{
    /// <summary>The characters that one template or expression may read, make and write.</summary>
    public const long MaxWork = 16 * 1024 * 1024;

    private long _left = MaxWork;

    /// <summary>The names that paths can begin with here.</summary>
    public abstract IReadOnlyList<string> Roots { get; }

    /// <summary>Finds what a path begins with.</summary>
    public abstract bool TryGet(string root, out object? value);

    /// <summary>What an item of a list costs that a template goes through, because all that stands in the loop is done once more.</summary>
    public int ItemCost { get; private set; }

    /// <summary>A new template or expression begins.</summary>
    /// <param name="length">Its characters.</param>
    public void Begin(int length)
    {
        _left = MaxWork;
        ItemCost = Math.Max(16, length);
    }

    /// <summary>Takes work; text counts by its characters, however often it is read.</summary>
    /// <exception cref="TemplateException">It is too much.</exception>
    public void Take(long characters)
    {
        if ((_left -= characters) < 0) throw new TemplateException($"The template reads and writes more than {MaxWork / (1024 * 1024)} million characters; make it simpler.");
    }
}

/// <summary>Something that paths lead through.</summary>
internal interface ITemplateObject
{
    /// <summary>What it says as a whole; null when that is nothing.</summary>
    string? Text { get; }

    /// <summary>Finds a member.</summary>
    bool TryGet(string name, out object? value);
}

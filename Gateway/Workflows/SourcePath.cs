using System.Globalization;
using System.Text;

namespace Gateway.Workflows;

/// <summary>A path into a definition, as problems name it; it is written out only when there is a problem to name.</summary>
/// <remarks>Text for every value would cost many times the size of a definition with long keys and many values below them.</remarks>
internal sealed class SourcePath
{
    private readonly SourcePath? _parent;
    private readonly string? _key;
    private readonly int _index;

    private SourcePath(SourcePath? parent, string? key, int index)
    {
        _parent = parent;
        _key = key;
        _index = index;
    }

    /// <summary>The path of the whole.</summary>
    public static SourcePath Root { get; } = new(null, null, 0);

    /// <summary>The path of a member.</summary>
    public static string Member(string parent, string key) => parent.Length == 0 ? Naming.Show(key) : $"{parent}.{Naming.Show(key)}";

    /// <summary>The path of a member.</summary>
    public SourcePath Member(string key) => new(this, key, 0);

    /// <summary>The path of an item of a list, from 0.</summary>
    public SourcePath Item(int index) => new(this, null, index);

    /// <summary>The path as text, such as <c>nodes.debate.next[1]</c>; empty for the whole.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        AppendTo(text);
        return text.ToString();
    }

    private void AppendTo(StringBuilder text)
    {
        if (_parent is null) return;
        _parent.AppendTo(text);
        if (_key is null) text.Append(CultureInfo.InvariantCulture, $"[{_index}]");
        else text.Append(text.Length == 0 ? "" : ".").Append(Naming.Show(_key));
    }
}

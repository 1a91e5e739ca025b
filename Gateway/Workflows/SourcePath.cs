using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Workflows;

/// <summary>Where the reading of a definition stands, as problems name it; it is written out only when there is a problem to name.</summary>
/// <remarks>Text, or an object, for every value would cost many times the size of a definition with many values.</remarks>
internal sealed class SourcePath
{
    private readonly List<Step> _steps = [];

    /// <summary>The path of a member.</summary>
    public static string Member(string parent, string key) => parent.Length == 0 ? Naming.Show(key) : $"{parent}.{Naming.Show(key)}";

    /// <summary>Goes down to a member.</summary>
    public void Enter(string key) => _steps.Add(new Step(key, 0));

    /// <summary>Goes down to an item of a list, from 0.</summary>
    public void Enter(int index) => _steps.Add(new Step(null, index));

    /// <summary>Goes up again.</summary>
    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>The path as text, such as <c>nodes.debate.next[1]</c>; empty for the whole.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (key, index) in CollectionsMarshal.AsSpan(_steps))
        {
            if (key is null) text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            else text.Append(text.Length == 0 ? "" : ".").Append(Naming.Show(key));
        }

        return text.ToString();
    }

    private readonly record struct Step(string? Key, int Index);
}

using System.Text.RegularExpressions;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Architecture;

/// <summary>The order of the folders as the README draws it: the roof first, the ground floor last.</summary>
/// <remarks>The picture is the one place where the order stands. A line is a floor; its folders know nothing of each other.</remarks>
internal sealed partial class FloorPlan
{
    private const string Begin = "<!-- floor plan -->";
    private readonly Dictionary<string, int> _floors = new(StringComparer.Ordinal);

    /// <summary>The folders in the picture, as namespaces.</summary>
    public IEnumerable<string> Folders => _floors.Keys;

    /// <summary>Reads the picture.</summary>
    public static FloorPlan Read()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var start = readme.IndexOf(Begin, StringComparison.Ordinal);
        Assert.True(start >= 0, $"README.md has no '{Begin}'.");
        var plan = new FloorPlan();
        var lines = readme[start..].Split("```")[1].Split('\n').Where(line => line.Trim().Length > 0);
        foreach (var (floor, line) in lines.Index())
        {
            foreach (Match folder in Folder().Matches(line)) plan._floors.Add(NamespaceOf(folder.Groups["path"].Value), floor);
        }

        return plan;
    }

    /// <summary>The folder of the picture that a namespace belongs to: its own, or the nearest around it.</summary>
    public string FolderOf(string name)
    {
        while (!_floors.ContainsKey(name) && name.LastIndexOf('.') is > 0 and var end) name = name[..end];
        return name;
    }

    /// <summary>Its floor, counted from the roof.</summary>
    public int FloorOf(string name) => _floors.GetValueOrDefault(FolderOf(name), -1);

    private static string NamespaceOf(string path) => path == "." ? "Gateway" : "Gateway." + path.Replace('/', '.');

    // A folder ends with a slash: 'Log/Sqlite/'. The roof is './'.
    [GeneratedRegex(@"(?<=^|\s)(?<path>\.|[A-Z][A-Za-z]*(/[A-Z][A-Za-z]*)*)/(?=\s|$)")]
    private static partial Regex Folder();
}

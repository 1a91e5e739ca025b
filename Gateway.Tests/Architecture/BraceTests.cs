using System.Text.RegularExpressions;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Architecture;

/// <summary>One brace style: a single statement stands on the line of its <c>if</c>, or in braces.</summary>
/// <remarks>IDE0011 has the rest of it, and passes over a single statement on a line of its own.</remarks>
public sealed partial class BraceTests
{
    [Fact]
    public void No_statement_hangs_below_its_head_without_braces()
    {
        var wrong =
            from file in Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(Repository.Root, file)
            where !path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin")
            let lines = File.ReadAllLines(file)
            from place in Enumerable.Range(0, lines.Length - 1)
            where Head().IsMatch(lines[place]) && !Goes().IsMatch(lines[place + 1])
            select $"{path}:{place + 1}: {lines[place].Trim()}";

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("if (a)", "return;", true)]
    [InlineData("    else", "        Run();", true)]
    [InlineData("await foreach (var a in b)", "    Add(a);", true)]
    [InlineData("if (a) return;", "Run();", false)]
    [InlineData("else if (a)", "{", false)]
    [InlineData("if (Is(a)", "    && Is(b))", false)]
    [InlineData("while (Is(a));", "Run();", false)]
    public void Such_lines_are_found(string head, string next, bool hangs) => Assert.Equal(hangs, Head().IsMatch(head) && !Goes().IsMatch(next));

    [GeneratedRegex(@"^\s*((else )?(if|for|foreach|while|using|lock|fixed|await using|await foreach) \(.*\)|else)$")]
    private static partial Regex Head();

    // A block, or the rest of a condition.
    [GeneratedRegex(@"^\s*(\{|&&|\|\||\?|:)")]
    private static partial Regex Goes();
}

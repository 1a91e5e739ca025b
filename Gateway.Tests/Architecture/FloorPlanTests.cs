using Xunit;

namespace Gateway.Tests.Architecture;

/// <summary>Arrows only run down: a folder uses those below it, and never one above or beside it.</summary>
public sealed class FloorPlanTests
{
    private static readonly FloorPlan Plan = FloorPlan.Read();

    [Fact]
    public void No_folder_uses_one_above_it_or_beside_it()
    {
        var wrong = Own()
            .Where(arrow => Plan.FolderOf(arrow.From.Namespace) != Plan.FolderOf(arrow.To.Namespace) && Plan.FloorOf(arrow.From.Namespace) >= Plan.FloorOf(arrow.To.Namespace))
            .Select(arrow => $"{arrow.From.FullName} uses {arrow.To.FullName}")
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.True(wrong.Count == 0, $"These arrows run up or sideways in the floor plan of README.md:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void The_plan_has_every_folder_and_no_other()
    {
        var used = Own().SelectMany(arrow => new[] { arrow.From, arrow.To }).Select(type => Plan.FolderOf(type.Namespace)).Distinct();

        Assert.Equal(Plan.Folders.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    // What the compiler and its generators add has other namespaces; the contracts' MessagePack files are compiled in.
    private static IEnumerable<(Mono.Cecil.TypeDefinition From, Mono.Cecil.TypeDefinition To)> Own() =>
        Arrows.Read().Where(arrow => IsOwn(arrow.From.Namespace) && IsOwn(arrow.To.Namespace));

    private static bool IsOwn(string name) => name == "Gateway" || (name.StartsWith("Gateway.", StringComparison.Ordinal) && name != "Gateway.Contracts");
}

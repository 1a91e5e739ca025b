using System.Text.Json;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>Definitions that cannot run, one mistake or a few each, and what is said of them.</summary>
/// <remarks>
/// Each file of <c>Broken/</c> has one beside it with its problems and whether editors find it wrong, too. <c>UPDATE_PROBLEMS=1</c> writes
/// these anew; read what has changed.
/// </remarks>
public sealed class BrokenDefinitionTests
{
    private const string Update = "UPDATE_PROBLEMS";

    private static readonly string s_folder = Path.Combine(Repository.Root, "Gateway.Tests", "Workflows", "Broken");

    private static readonly DefinitionCheck s_check = new(TestKinds.Validator, name => name is null or "default" ? null : $"The model \"{name}\" is not configured; configured are scripted.");

    public static TheoryData<string> Files => [.. Names()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_problems_are_the_pinned_ones(string name)
    {
        var file = WorkflowFileReader.Parse(name, File.ReadAllBytes(Path.Combine(s_folder, name)));
        var problems = s_check.Check(file).Select(problem => problem.ToString()).ToList();
        var text = string.Concat(problems.Select(problem => problem + "\n")) + $"An editor with the schema {(SchemaOf(name) is not { } json ? "cannot read it" : Schemas.Takes(json) ? "finds nothing" : "finds a mistake")}.\n";
        var pinned = Path.Combine(s_folder, Path.ChangeExtension(name, null) + Path.GetExtension(name).Replace('.', '-') + ".txt");
        if (Environment.GetEnvironmentVariable(Update) == "1") File.WriteAllText(pinned, text);

        // What is wrong with single values an editor finds, too.
        if (Path.GetFileName(name).Split('-')[0] is "shape" or "type") Assert.DoesNotContain("finds nothing", text, StringComparison.Ordinal);
        Assert.NotEmpty(problems);
        Assert.Equal(File.ReadAllText(pinned), text);
    }

    [Fact]
    public void There_are_at_least_sixty_and_each_pin_has_its_definition()
    {
        var pins = Directory.EnumerateFiles(s_folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);

        Assert.Equal(pins, Names().Select(name => Path.ChangeExtension(name, null) + Path.GetExtension(name).Replace('.', '-')).Order(StringComparer.Ordinal));
        Assert.True(Names().Count() >= 60);
    }

    [Fact]
    public void Every_problem_comes_with_a_way_out()
    {
        var hints = new ProblemHints(TestKinds.BuiltIn.Shapes);
        var files = Names().Select(name => WorkflowFileReader.Parse(name, File.ReadAllBytes(Path.Combine(s_folder, name))));

        Assert.Empty(files.SelectMany(file => s_check.Check(file).Where(problem => hints.Of(problem, file.Workflow).Hint is null)).Select(problem => problem.ToString()).Distinct());
    }

    private static IEnumerable<string> Names() => Directory.EnumerateFiles(s_folder).Where(WorkflowFileReader.Reads).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    // As an editor reads it, which knows YAML and JSON and nothing of workflows.
    private static JsonElement? SchemaOf(string name) => Schemas.Read(name, File.ReadAllBytes(Path.Combine(s_folder, name)));
}

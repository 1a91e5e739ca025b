using System.Diagnostics;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>No definition costs more than its size, however it is made.</summary>
public sealed class HostileDefinitionTests
{
    [Fact]
    public void Reading_takes_time_in_proportion_to_a_line_of_any_length()
    {
        // Work that is quadratic in the line looks at some sixty billion bytes here, for tens of seconds.
        var line = OneLine(240_000);
        var fastest = Enumerable.Range(0, 5).Min(_ => Time(line));
        Assert.True(fastest < 3000, $"A line of {line.Length} bytes takes {fastest:0} ms.");
    }

    [Fact]
    public void Columns_count_characters_up_to_the_place()
    {
        var file = WorkflowFileReader.Parse("x.json", "{\"name\":\"é😀\",\"x\":1,\n \"description\":\"ü\", \"y\":2}"u8);

        Assert.Equal([(1, 15), (2, 21)], file.Problems.Select(problem => ((int)problem.Line, (int)problem.Column)));
    }

    [Fact]
    public void Reading_ends_at_the_hundredth_problem()
    {
        var keys = string.Join(',', Enumerable.Range(0, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"k{i}\":0")));
        var text = Encoding.UTF8.GetBytes($"{{{keys}}}");

        var problems = Read(text).Problems;

        Assert.Equal(101, problems.Count);
        Assert.Contains("more problems", problems[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_deep_below_long_keys_cost_no_path_each()
    {
        // Thirty keys of the length that a path shows, inside each other, and below them a list of as many values as there may be.
        var open = string.Concat(Enumerable.Repeat($"{{\"{new string('k', 64)}\":", 30));
        var text = Encoding.UTF8.GetBytes($"{{\"nodes\":{{\"n\":{{\"type\":\"agent\",\"with\":{open}[{string.Join(',', Enumerable.Repeat('0', 200_000))}]{new string('}', 30)}}}}}}}");
        Read(text);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(text);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(taken < 300L * text.Length, $"{taken / text.Length} bytes for each of the definition's.");
    }

    [Fact]
    public void More_values_than_any_workflow_has_are_refused_while_they_are_read()
    {
        var problem = Assert.Single(Read(OneLine(SourceException.MaxValues + 10)).Problems);

        Assert.Equal($"There are more than {SourceException.MaxValues} values; a workflow has at most 1000 nodes and agents.", problem.Message);
    }

    [Fact]
    public void A_name_is_guessed_for_the_first_few_problems_only()
    {
        var prefix = new string('a', 58);
        var nodes = Enumerable.Range(0, 990).ToDictionary(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i:0000}"), _ => new NodeDefinition { Type = NodeType.End });
        nodes["p"] = new NodeDefinition { Type = NodeType.Parallel, Next = [.. Enumerable.Range(0, 90).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i:00}xy"))] };

        var problems = TestKinds.Validator.Validate(new WorkflowDefinition { Nodes = nodes }).Where(problem => problem.Message.StartsWith("There is no node '", StringComparison.Ordinal)).ToList();

        Assert.Equal(90, problems.Count);
        Assert.Equal(10, problems.Count(problem => problem.Message.Contains("did you mean", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_nearest_name_is_the_nearest_by_edits()
    {
        var names = Gen.Elements('a', 'b', 'B', 'c').ListOf().Select(letters => string.Concat(letters.Take(64)));
        Prop.ForAll(names.ToArbitrary(), names.ListOf().ToArbitrary(), (name, known) =>
        {
            var limit = Math.Min(2, name.Length / 2);
            var expected = name.Length == 0 ? null : known.Select(other => (Name: other, Distance: Edits(name, other))).Where(found => found.Distance <= limit).OrderBy(found => found.Distance).Select(found => found.Name).FirstOrDefault();
            Assert.Equal(expected, Naming.Nearest(name, known));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static WorkflowFile Read(byte[] json) => WorkflowFileReader.Parse("workflow.json", json, locates: false);

    // The first character is not ASCII, so that counting characters has no short cut.
    private static byte[] OneLine(int values) => Encoding.UTF8.GetBytes($"{{\"name\":\"é\",\"nodes\":{{\"n\":{{\"with\":{{\"x\":[{string.Join(',', Enumerable.Repeat('0', values))}]}}}}}}}}");

    private static double Time(byte[] json)
    {
        var begin = Stopwatch.GetTimestamp();
        Read(json);
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    private static int Edits(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1));
            }
        }

        return rows[a.Length, b.Length];
    }
}

using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>A kind declares a key of <c>with</c> once, and reads it with what it declared.</summary>
public sealed class WithKeyTests
{
    private static readonly WithKey Tone = new("tone", WithValue.Text, IsRequired: true) { Choices = ["calm", "sharp"] };
    private static readonly WithKey Title = new("title", WithValue.Text);
    private static readonly WithKey Rounds = new("rounds", WithValue.WholeNumber);
    private static readonly WithKey Share = new("share", WithValue.Number);
    private static readonly WithKey Aloud = new("aloud", WithValue.TrueOrFalse);
    private static readonly WithKey Order = new("order", WithValue.List);

    [Fact]
    public void What_is_there_is_read()
    {
        var node = Node("""{"tone":"calm","title":"","rounds":3,"share":0.5,"aloud":false,"order":["a","b"]}""");

        Assert.Equal(("calm", "", 3, 0.5m, false), (Tone.Text(node), Title.Text(node), Rounds.WholeNumber(node), Share.Number(node), Aloud.TrueOrFalse(node)));
        Assert.Equal(["a", "b"], Order.Json(node)!.Value.EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(3m, Rounds.Number(node));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""{"title":1,"rounds":"3","share":"much","aloud":"yes"}""")]
    [InlineData("""{"title":null,"rounds":2.5,"share":null,"aloud":null}""")]
    public void What_is_not_there_as_it_must_be_is_nothing(string with)
    {
        var node = Node(with);

        Assert.Equal((null, null, null, null), ((string?)Title.Text(node), Rounds.WholeNumber(node), Share.Number(node), Aloud.TrueOrFalse(node)));
    }

    [Theory]
    [InlineData("""{"tone":"sharp"}""", null)]
    [InlineData("""{"tone":"loud"}""", "nodes.n.with.tone: Expected one of 'calm', 'sharp'.")]
    [InlineData("""{"tone":1}""", "nodes.n.with.tone: Expected one of 'calm', 'sharp'.")]
    [InlineData("""{}""", "nodes.n.with: The key 'tone' is missing; give it one of 'calm', 'sharp'.")]
    [InlineData("""{"tone":"calm","title":"Any"}""", null)]
    public void A_text_is_one_of_the_choices_where_there_are_any(string with, string? problem)
    {
        var problems = new ProblemList();
        var node = Node(with);

        WithCheck.Run(new NodeCheck("n", node, new WorkflowDefinition { Id = "w" }, "nodes.n", problems, []), new Shape());

        Assert.Equal(problem is null ? [] : [problem], problems.ToList().Select(p => $"{p.Path}: {p.Message}"));
    }

    private static NodeDefinition Node(string with) => new() { Type = "own", With = JsonElement.Parse(with) };

    private sealed class Shape : INodeShape
    {
        public string Type => "own";

        public NodeRules Rules { get; } = new() { With = [Tone, Title] };

        public IEnumerable<NodeWay> Ways(NodeDefinition node) => [];

        public string? ItemName(NodeDefinition node) => null;

        public void Check(NodeCheck check)
        {
        }
    }
}

using Gateway.Templates;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Templates;

public sealed class ExpressionTests
{
    private const string Data = """{"n":7,"big":90.5,"text":"Tea or coffee?","yes":true,"none":null,"list":["a","b",3],"deep":{"my-id":{"x":[{"y":5}]},"a.b":1},"huge":1e300}""";

    [Theory]
    [InlineData("n == 7", true)]
    [InlineData("n >= 7 and n < 8", true)]
    [InlineData("n != 7 or big > 90", true)]
    [InlineData("not (n == 7)", false)]
    [InlineData("not yes or yes", true)]
    [InlineData("yes or yes and not yes", true)]
    [InlineData("(yes or yes) and not yes", false)]
    [InlineData("n + 3 * 2 - 1 == 12", true)]
    [InlineData("(n + 3) * 2 == 20", true)]
    [InlineData("n / 2 == 3.5 and n % 4 == 3 and -n < 0", true)]
    [InlineData("10 - 3 - 2 == 5", true)]
    [InlineData("text contains \"coffee\"", true)]
    [InlineData("text contains 'water'", false)]
    [InlineData("list contains 'a' and list contains 3", true)]
    [InlineData("said contains 'hello'", true)]
    [InlineData("text.size == 14 and list.size == 3 and said.size == 2", true)]
    [InlineData("list[0] == 'a' and list[-1] == 3 and list.first == 'a' and list.last == 3", true)]
    [InlineData("deep.my-id.x[0].y == 5", true)]
    [InlineData("deep['my-id'].x[0]['y'] - 1 == 4", true)]
    [InlineData("deep[\"a.b\"] == 1", true)]
    [InlineData("none == null and text != null", true)]
    [InlineData("text == 7", false)]
    [InlineData("text < 'U'", true)]
    [InlineData("true and not false", true)]
    public void It_holds_or_not(string text, bool expected)
    {
        var (expression, problem) = Expression.Parse(text);
        Assert.Null(problem);
        Assert.Equal(expected, expression!.Holds(new JsonScope(Data, "hello there", "bye")));
    }

    [Theory]
    [InlineData("", "The expression is empty; write a condition such as nodes.score.json.total >= 90.")]
    [InlineData("n = 7", "'=' compares nothing; write '==' (at character 3).")]
    [InlineData("n ==", "The expression ends where a value should stand (at character 5).")]
    [InlineData("(n == 7", "The ')' is missing (at character 8).")]
    [InlineData("n == 7 7", "Here the expression should be over, or go on with 'and', 'or' or a comparison, but it goes on with '7' (at character 8).")]
    [InlineData("text contains 'tea", "The closing ' is missing (at character 15).")]
    [InlineData("n.", "A name should follow the '.' (at character 3).")]
    [InlineData("list[x]", "Between '[' and ']' stands a whole number or a name in quotes (at character 6).")]
    [InlineData("7th == 1", "'7t' is not a number (at character 2).")]
    [InlineData("and yes", "'and' stands where a value should stand (at character 4).")]
    [InlineData("n == ?", "Here a path, a number, a text in quotes or '(' should stand, not '?' (at character 6).")]
    public void What_is_wrong_is_told_with_its_place(string text, string expected) => Assert.Equal(expected, Expression.Parse(text).Problem!.Message);

    [Theory]
    [InlineData("nope == 1", "'nope' leads nowhere: paths begin with n, big, text, yes, none, list, deep, huge, said.")]
    [InlineData("deep.my-id.z == 1", "'deep.my-id.z' leads nowhere: 'deep.my-id' is an object and has no 'z'.")]
    [InlineData("list[9] == 1", "'list.[9]' leads nowhere: 'list' is a list and has no '[9]'.")]
    [InlineData("text.length == 1", "'text.length' leads nowhere: 'text' is text and has no 'length'.")]
    [InlineData("text > 5", "text and a number have no order; compare two numbers or two texts.")]
    [InlineData("text + 1 > 5", "'+' counts with numbers, not with text.")]
    [InlineData("n", "The condition gives a number, not true or false; compare it with something.")]
    [InlineData("n and yes", "'and' stands beside a number, which is not true or false.")]
    [InlineData("n / (n - 7) > 1", "The expression divides by 0.")]
    [InlineData("huge > 1", "The number 1e300 is too large to be counted with.")]
    [InlineData("n contains 1", "Only a text or a list contains something, not a number.")]
    public void What_has_no_value_names_the_path(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<TemplateException>(() => Expression.Parse(text).Expression!.Holds(new JsonScope(Data))).Message);

    [Fact]
    public void It_tells_its_paths() => Assert.Equal(["deep.my-id.x.[0].y", "n", "text.size"], Expression.Parse("deep['my-id'].x[0].y > n and text.size > 1").Expression!.Paths.Select(path => path.ToString()));

    [Fact]
    public void A_hostile_expression_is_over_soon()
    {
        var large = $$"""{"t":"{{new string('a', 4_000_000)}}"}""";
        var scope = new JsonScope(large);
        foreach (var hostile in new[] { new string('(', 1900), new string('-', 1900) + "1", string.Concat(Enumerable.Repeat("not ", 480)) + "true", string.Concat(Enumerable.Repeat("t contains 'b' or ", 100)) + "false" })
        {
            var best = CpuClock.Best(TimeSpan.FromMilliseconds(100), () =>
            {
                var (expression, problem) = Expression.Parse(hostile);
                if (problem is null) Assert.Throws<TemplateException>(() => expression!.Holds(scope));
            });
            Assert.True(best < TimeSpan.FromMilliseconds(100), $"took {best}");
        }
    }

    [Theory]
    [InlineData("o.t.size < 0 or ")]
    [InlineData("o['t'] == 1 or ")]
    [InlineData("o.l[0].size < 0 or ")]
    [InlineData("o.l.first.size < 0 or ")]
    [InlineData("o.n < 0 or ")]
    public void Each_read_of_a_long_value_counts_however_deep_it_lies(string part)
    {
        var text = new string('a', 1_000_000);
        var scope = new JsonScope($$"""{"o":{"t":"{{text}}","l":["{{text}}"],"n":1.{{new string('0', 1_000_000)}} } }""");
        Assert.False(Expression.Parse(Repeat(part, 5)).Expression!.Holds(scope));
        Assert.EndsWith("make it simpler.", Assert.Throws<TemplateException>(() => Expression.Parse(Repeat(part, 17)).Expression!.Holds(scope)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("o.first.x == 2 or ")]
    [InlineData("l[-1].x == 2 or ")]
    public void So_does_each_search_in_a_large_object_or_list(string part)
    {
        var scope = new JsonScope($$"""{"o":{"first":{"x":1},{{string.Join(',', Enumerable.Range(0, 200_000).Select(n => $"\"{n}\":0"))}}},"l":[{{string.Concat(Enumerable.Repeat("{},", 200_000))}}{"x":1}]}""");
        Assert.False(Expression.Parse(Repeat(part, 5)).Expression!.Holds(scope));
        Assert.Throws<TemplateException>(() => Expression.Parse(Repeat(part, 100)).Expression!.Holds(scope));
    }

    private static string Repeat(string part, int times) => string.Concat(Enumerable.Repeat(part, times)) + "false";
}

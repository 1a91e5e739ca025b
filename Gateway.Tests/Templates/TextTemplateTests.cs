using Gateway.Templates;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Templates;

public sealed class TextTemplateTests
{
    private const string Data = """{"n":7,"text":"Tea or coffee?","yes":true,"no":false,"none":null,"list":["a","b",3],"deep":{"my-id":{"x":[{"y":5}]}}}""";

    [Theory]
    [InlineData("Plain { text }, 100 % of it.", "Plain { text }, 100 % of it.")]
    [InlineData("{{ text }}", "Tea or coffee?")]
    [InlineData("{{text}}{{ n }}{{ yes }}{{ none }}", "Tea or coffee?7true")]
    [InlineData("{{ deep.my-id.x[0].y }}", "5")]
    [InlineData("{{ deep[\"my-id\"].x }}", """[{"y":5}]""")]
    [InlineData("{{ said }}", "hello\n\nbye")]
    [InlineData("{% for word in said %}[{{ word }}]{% endfor %}", "[hello][bye]")]
    [InlineData("{% for item in list %}{% if forloop.first %}-{% endif %}{{ item }}{% endfor %}", "-ab3")]
    [InlineData("{% if yes and n > 5 %}a{% elsif no %}b{% else %}c{% endif %}{% unless no %}d{% endunless %}", "ad")]
    [InlineData("{% if text contains 'tea' %}a{% else %}b{% endif %}{% if text == 'Tea or coffee?' %}c{% endif %}", "bc")]
    [InlineData("{{ text | upcase | truncate: 6 }}", "TEA...")]
    [InlineData("{{ list | join: ', ' }} {{ list | size }} {{ list | first }}", "a, b, 3 3 a")]
    [InlineData("{{ n | plus: 3 | times: 2 | minus: 1 | divided_by: 2 }}", "9.5")]
    [InlineData("{{ none | default: 'nothing' }} {{ text | replace: 'Tea', 'Water' | append: '!' }}", "nothing Water or coffee?!")]
    [InlineData("{{ text | json }} {{ deep | json }}", "\"Tea or coffee?\" {\"my-id\":{\"x\":[{\"y\":5}]}}")]
    [InlineData("{{ text.size }} {{ list.last }}", "14 3")]
    public void Values_stand_in_the_text(string template, string expected)
    {
        var (read, problem) = TextTemplate.Parse(template);
        Assert.Null(problem);
        Assert.Equal(expected, read!.Render(new JsonScope(Data, "hello", "bye")));
    }

    [Theory]
    [InlineData("{{ nope }}", "'nope' leads nowhere: paths begin with n, text, yes, no, none, list, deep, said.")]
    [InlineData("{{ deep.my-id.z.w }}", "'deep.my-id.z' leads nowhere: 'deep.my-id' is an object and has no 'z'.")]
    [InlineData("{{ list[7] }}", "'list[7]' leads nowhere: 'list' is a list and has no such item.")]
    [InlineData("{% for x in text %}{% endfor %}", "'text' is text; 'for' goes through a list.")]
    [InlineData("{{ n | divided_by: 0 }}", "The template divides by 0.")]
    [InlineData("{{ text | plus: 1 }}", "'text' is text, not a number.")]
    public void A_path_that_leads_nowhere_is_named(string template, string expected) =>
        Assert.Equal(expected, Assert.Throws<TemplateException>(() => TextTemplate.Parse(template).Template!.Render(new JsonScope(Data))).Message);

    [Theory]
    [InlineData("a\n {{ text", "The '}}' is missing (line 2, character 2 of the template).")]
    [InlineData("{{ text | explode }}", "Unknown filter 'explode';")]
    [InlineData("{{ text | date: 'x' }}", "Unknown filter 'date';")]
    [InlineData("{% for i in (1..1000000000) %}{% endfor %}", "A range of numbers is not supported;")]
    [InlineData("{{ (1..1000000000) }}", "A range of numbers is not supported;")]
    [InlineData("{% assign x = text %}", "Unknown tag 'assign'")]
    [InlineData("{% include 'x' %}", "Unknown tag 'include'")]
    [InlineData("{% capture x %}{% endcapture %}", "Unknown tag 'capture'")]
    [InlineData("{% if text %}", "'{% endif %}' was expected")]
    public void What_is_no_template_is_a_problem(string template, string expected)
    {
        var (read, problem) = TextTemplate.Parse(template);
        Assert.Null(read);
        Assert.StartsWith(expected, problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_tells_the_paths_it_reads_and_not_those_of_its_loops() => Assert.Equal(
        ["list", "n", "deep.my-id.x"],
        TextTemplate.Parse("{% for item in list %}{{ item.name }}{{ forloop.index }}{% endfor %}{% if n > 1 %}{{ deep['my-id'].x }}{% endif %}").Template!.Paths.Select(path => path.ToString()));

    public static TheoryData<string> Hostile => new(
        Nested(20_000, "{% if yes %}", "{% endif %}"),
        Nested(900, "{% for x in many %}", "{% endfor %}"),
        Nested(5, "{% for x in many %}", "{% endfor %}", "{{ x }}"),
        Nested(5, "{% for x in many %}", "{% endfor %}", "{% if text contains text %}{% endif %}"),
        Nested(3, "{% for x in many %}", "{% endfor %}", string.Concat(Enumerable.Repeat("{% if 1 == 2 or 1 == 2 or 1 == 2 or 1 == 2 %}{% endif %}", 1000))),
        "{{ text" + string.Concat(Enumerable.Repeat(" | append: text", 100)) + " }}",
        "{{ text" + string.Concat(Enumerable.Repeat(" | replace: 'a', text", 90)) + " }}",
        "{{ many | join: text }}",
        "{{ a" + new string('[', 900) + " }}",
        "{{ " + new string('(', 900) + " }}",
        "{% if a" + string.Concat(Enumerable.Repeat(" or a", 300)) + " %}{% endif %}",
        string.Concat(Enumerable.Repeat("{{ text | upcase | downcase }}", 2000)),
        "{{ n | times: 79228162514264337593543950335 }}",
        "{{ 99999999999999999999999999999999999999999 }}");

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_template_is_over_soon(string template)
    {
        var scope = new JsonScope($$"""{"yes":true,"n":7,"a":true,"text":"{{new string('a', 400_000)}}","many":[{{string.Join(',', Enumerable.Range(0, 5000))}}]}""");
        TextTemplate.Parse("{{ n }}").Template!.Render(scope);
        Exception? end = null;
        var best = CpuClock.Best(TimeSpan.FromMilliseconds(100), () =>
        {
            var (read, problem) = TextTemplate.Parse(template);
            end = problem is null ? Record.Exception(() => read!.Render(scope)) : null;
        });

        if (end is not null) Assert.IsType<TemplateException>(end);
        Assert.True(best < TimeSpan.FromMilliseconds(100), $"took {best}");
    }

    private static string Nested(int depth, string begin, string end, string inner = "x") =>
        string.Concat(Enumerable.Repeat(begin, depth)) + inner + string.Concat(Enumerable.Repeat(end, depth));
}

using System.Text;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>What editors, systems and web pages do to workflow files.</summary>
public sealed class WorkflowFileMistakesTests
{
    [Theory]
    [InlineData("\u00A0name", "<U+00A0>name")]
    [InlineData("next\u200B", "next<U+200B>")]
    [InlineData("\uFEFFnodes", "<U+FEFF>nodes")]
    [InlineData("a\u2011b", "a<U+2011>b")]
    [InlineData("a b", "a b")]
    public void What_nobody_sees_is_named(string text, string shown) => Assert.Equal(shown, Naming.Show(text));

    [Fact]
    public void A_tab_is_told_where_it_stands()
    {
        var problem = Assert.Single(WorkflowFileReader.Parse("x.yaml", "id: x\nagents:\n\ta: {}\n"u8).Problems);

        Assert.StartsWith("x.yaml(3,1): Not YAML:", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_another_encoding_is_told_what_it_seems_to_be()
    {
        const string Text = "id: x\nname: é\n";
        foreach (var encoding in new Encoding[] { new UnicodeEncoding(false, true), new UnicodeEncoding(true, true), new UnicodeEncoding(false, false), new UnicodeEncoding(true, false) })
        {
            var problem = Assert.Single(WorkflowFileReader.Parse("x.yaml", [.. encoding.GetPreamble(), .. encoding.GetBytes(Text)]).Problems);
            Assert.Equal("x.yaml(1,1): The file is not UTF-8 but UTF-16, it seems; save it as UTF-8.", problem.ToString());
        }

        Assert.Equal(
            "x.yaml(2,7): The file is not UTF-8; it seems to be Latin-1 or Windows-1252. Save it as UTF-8.",
            Assert.Single(WorkflowFileReader.Parse("x.yaml", Encoding.Latin1.GetBytes(Text)).Problems).ToString());
        Assert.Empty(WorkflowFileReader.Parse("x.yaml", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("id: x\r\nname: é\r\n")]).Problems);
    }

    [Fact]
    public void An_alias_is_one_problem_and_nothing_that_follows_from_it()
    {
        var file = WorkflowFileReader.Parse("x.yaml", "agents: { a: &base { instructions: x }, b: *base, c: { <<: *base, temperature: 1 } }\n"u8);

        Assert.Null(file.Workflow);
        Assert.Equal(2, file.Problems.Count);
        Assert.All(file.Problems, problem => Assert.Equal("The alias '*base' is not expanded; write the value out.", problem.Message));
    }

    [Theory]
    [InlineData("._flow.yaml", false)]
    [InlineData(".#flow.yaml", false)]
    [InlineData(".gitkeep.yaml", false)]
    [InlineData("flow.YML", true)]
    public void Hidden_files_are_passed_over(string name, bool isRead) => Assert.Equal(isRead, WorkflowFileReader.Reads(Path.Combine("/some/.folder", name)));
}

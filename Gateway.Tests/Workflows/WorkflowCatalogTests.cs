using Gateway.Models;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Gateway.Tests.Workflows;

public sealed class WorkflowCatalogTests : IDisposable
{
    private const string Sound = "agents: { a: {} }\nnodes: { s: { type: start, next: x }, x: { type: agent, agent: a, next: e }, e: { type: end } }\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Workflows_are_listed_by_id()
    {
        _folder.Write("b.yaml", Sound);
        _folder.Write("B.yml", Sound);
        _folder.Write("z.yaml", "id: a\n" + Sound);
        _folder.Write("README.md", "not a workflow");
        _folder.Write("deeper/c.yaml", "not: read");

        var catalog = Load(_folder.Path);

        Assert.Equal(["B", "a", "b"], catalog.List().Select(workflow => workflow.Id));
        Assert.Same(catalog.List()[1], catalog.Find("a"));
        Assert.Null(catalog.Find("z"));
    }

    [Fact]
    public void Of_the_same_id_the_later_folder_wins()
    {
        _folder.Write("one/a.yaml", "name: shipped\n" + Sound);
        _folder.Write("one/b.yaml", "name: shipped\n" + Sound);
        _folder.Write("two/mine.yaml", "id: a\nname: mine\n" + Sound);

        var catalog = Load(_folder.At("one"), _folder.At("two"));

        Assert.Equal(["mine", "shipped"], catalog.List().Select(workflow => workflow.Name));
    }

    [Fact]
    public void All_problems_of_all_files_are_told_at_once()
    {
        var first = _folder.Write("1.yaml", "nodes: { s: { type: start, next: e }, e: { typ: end } }\n");
        var second = _folder.Write("2.json", "{");
        var third = _folder.Write("3.yaml", "id: same\n" + Sound.Replace("a: {}", "a: { model: gpt }", StringComparison.Ordinal));
        var fourth = _folder.Write("4.yaml", "id: same\n" + Sound);
        var missing = _folder.At("none");

        var exception = Assert.Throws<WorkflowCatalogException>(() => Load(_folder.Path, missing));

        Assert.Equal(
            string.Join(
                Environment.NewLine,
                "8 problems in workflow files.",
                $"  {first}(1,44): nodes.e.typ: Unknown key 'typ'; did you mean 'type'?",
                $"  {first}(1,1): nodes: There is no node of type 'end'; a session ends where one is reached.",
                $"  {first}(1,39): nodes.e.type: The type is missing; it is one of start, agent, parallel, condition, loop, map, workflow, vote, tool, human_review, end.",
                $"  {first}(1,39): nodes.e.next: 'next' is missing; name the node that follows.",
                $"  {second}(1,2): Not JSON: the text ends before it is complete; a bracket, a brace or a quotation mark is not closed.",
                $"  {third}(2,16): agents.a.model: No model 'gpt'.",
                $"  {fourth}(1,1): id: The id 'same' is taken by '3.yaml' in the same folder; choose another.",
                $"  {missing}: The folder cannot be read: Could not find a part of the path '{missing}'."),
            exception.Message);
        Assert.Equal(exception.Message, exception.ToString());
    }

    [Fact]
    public async Task The_shipped_workflows_are_loaded_at_start()
    {
        using var host = Host(_ => { });

        await host.StartAsync(TestContext.Current.CancellationToken);

        var catalog = host.Services.GetRequiredService<IWorkflowCatalog>();
        Assert.Equal(["council-debate", "council-optimize", "fan-out-research", "quick-answer", "reviewed-draft", "tool-approval"], catalog.List().Select(workflow => workflow.Id));
        Assert.All(catalog.List(), workflow => Assert.False(string.IsNullOrEmpty(workflow.Name) || string.IsNullOrEmpty(workflow.Description)));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_folder_under_the_content_root_comes_before_the_one_beside_the_program()
    {
        _folder.Write("workflows/own.yaml", Sound);
        using var host = Host(builder => builder.Environment.ContentRootPath = _folder.Path);

        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("own", Assert.Single(host.Services.GetRequiredService<IWorkflowCatalog>().List()).Id);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_configured_folder_adds_and_replaces_relative_to_the_content_root()
    {
        _folder.Write("more/quick-answer.yaml", "name: Mine\n" + Sound);
        _folder.Write("more/extra.yaml", Sound);
        using var host = Host(builder =>
        {
            builder.Environment.ContentRootPath = _folder.Path;
            builder.Configuration["Gateway:WorkflowsPath"] = "more";
        });

        await host.StartAsync(TestContext.Current.CancellationToken);

        var catalog = host.Services.GetRequiredService<IWorkflowCatalog>();
        Assert.Equal(["council-debate", "council-optimize", "extra", "fan-out-research", "quick-answer", "reviewed-draft", "tool-approval"], catalog.List().Select(workflow => workflow.Id));
        Assert.Equal("Mine", catalog.Find("quick-answer")!.Name);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_broken_file_stops_the_host_at_start()
    {
        var file = _folder.Write("broken.yaml", Sound.Replace("a: {}", "a: { model: nobody }", StringComparison.Ordinal));
        using var host = Host(builder => builder.Configuration["Gateway:WorkflowsPath"] = _folder.Path);

        var exception = await Assert.ThrowsAsync<WorkflowCatalogException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal($"{file}(1,16): agents.a.model: Model 'nobody' is not configured.", Assert.Single(exception.Problems).ToString());
    }

    [Fact]
    public void The_shipped_debate_is_the_one_of_the_documentation()
    {
        var debate = Load(Path.Combine(AppContext.BaseDirectory, "workflows")).Find("council-debate")!;

        Assert.Equal(
            [
                "start start debate",
                "debate parallel affirmative,negative", "affirmative agent value_defender jury", "negative agent risk_auditor jury",
                "jury parallel practice,people,future", "practice agent practitioner count", "people agent citizen count", "future agent historian count",
                "count vote adjudicator", "adjudicator agent chief_justice end", "end end",
            ],
            debate.Nodes!.Select(node => string.Join(' ', new[] { node.Key, node.Value.Type, node.Value.Agent, node.Value.Next is { } next ? string.Join(',', next) : null }.Where(part => part is not null))));
        Assert.All(debate.Agents!.Values, agent => Assert.InRange(agent.Instructions!.Length, 200, 2000));
    }

    [Fact]
    public void The_example_of_the_format_page_is_a_sound_workflow()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "workflows", "README.md"));
        var example = page.Split("```yaml")[1].Split("```")[0];
        var file = WorkflowFileReader.Parse("example.yaml", System.Text.Encoding.UTF8.GetBytes(example));

        Assert.Empty(file.Problems);
        Assert.Empty(TestKinds.Validator.Validate(file.Workflow!));
    }

    private static WorkflowCatalog Load(params string[] folders) =>
        WorkflowCatalog.Load(folders, new DefinitionCheck(TestKinds.Validator, name => name is null or "default" ? null : $"No model '{name}'."));

    private static IHost Host(Action<HostApplicationBuilder> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = Path.GetTempPath() });
        configure(builder);
        builder.Services.AddSingleton<IModelCatalog>(new GatedModels { DefaultOnly = true });
        builder.Services.AddSingleton(TestKinds.BuiltIn.Shapes).AddSingleton(TestTools.BuiltIn);
        builder.Services.AddWorkflowCatalog(builder.Configuration);
        return builder.Build();
    }
}

using System.ComponentModel;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Tools;

/// <summary>Functions of .NET as tools, and those that every gateway has.</summary>
public sealed class CatalogTests
{
    [Fact]
    public async Task A_lambda_is_a_tool_and_models_are_told_what_it_takes()
    {
        var tools = TestTools.Catalog(services => services.AddTool("search", ([Description("What to look for.")] string query, ToolCallContext call, CancellationToken ct, int most = 3) => $"{most} of {query} for {call.IdempotencyKey}", "Finds things."));
        var tool = Assert.Single(await tools.DescribeAsync(["search"], TestContext.Current.CancellationToken));
        Assert.IsNotAssignableFrom<AIFunction>(tool);
        Assert.Equal(("search", "Finds things."), (tool.Name, tool.Description));
        Assert.Equal(["query", "most"], tool.JsonSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal("What to look for.", tool.JsonSchema.GetProperty("properties").GetProperty("query").GetProperty("description").GetString());
        Assert.Equal("3 of tea for the-key", await tools.CallAsync(Invocation("search", """{"query":"tea"}"""), TestContext.Current.CancellationToken));
        Assert.Equal("5 of tea for the-key", await tools.CallAsync(Invocation("search", """{"query":"tea","most":5}"""), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_a_tool_returns_is_text_or_json()
    {
        var tools = TestTools.Catalog(services => services
            .AddTool("text", () => "a \"text\"")
            .AddTool("list", () => Task.FromResult(new[] { 1, 2 }))
            .AddTool("object", () => new { Name = "tea" })
            .AddTool("nothing", () => { }));
        Assert.Equal("a \"text\"", await Call(tools, "text"));
        Assert.Equal("[1,2]", await Call(tools, "list"));
        Assert.Equal("""{"name":"tea"}""", await Call(tools, "object"));
        Assert.Equal(string.Empty, await Call(tools, "nothing"));
    }

    [Fact]
    public async Task A_scope_of_services_is_there_for_each_call()
    {
        var tools = TestTools.Catalog(services => services.AddScoped<Counter>().AddTool("count", (IServiceProvider provider) => ++provider.GetRequiredService<Counter>().Value));
        Assert.Equal(["1", "1"], [await Call(tools, "count"), await Call(tools, "count")]);
    }

    [Fact]
    public async Task Only_what_a_tool_means_to_say_about_a_failure_is_told()
    {
        var tools = TestTools.Catalog(services => services
            .AddTool("meant", string () => throw new ToolException("Come back tomorrow."))
            .AddTool("leaks", string () => throw new InvalidOperationException("password=hunter2"))
            .AddTool("takes", (int number) => number));
        Assert.Equal("Come back tomorrow.", (await Assert.ThrowsAsync<ToolException>(() => Call(tools, "meant"))).Message);
        Assert.Equal("The tool 'leaks' failed; the gateway's log says why.", (await Assert.ThrowsAsync<ToolException>(() => Call(tools, "leaks"))).Message);
        Assert.StartsWith("The arguments do not fit the tool 'takes': ", (await Assert.ThrowsAsync<ToolException>(() => Call(tools, "takes"))).Message, StringComparison.Ordinal);
        Assert.StartsWith("The arguments do not fit the tool 'takes': ", (await Assert.ThrowsAsync<ToolException>(() => Call(tools, "takes", """{"number":"many"}"""))).Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ToolUnavailable, (await Assert.ThrowsAsync<ToolException>(() => Call(tools, "none"))).Code);
    }

    [Theory]
    [InlineData("(84.50 + 12) * 1.19", "114.835")]
    [InlineData("7 % 4 - 1", "2")]
    [InlineData("1 / 3 > 0.3 and not (2 < 1)", "true")]
    public async Task Calculate_calculates(string expression, string result) =>
        Assert.Equal(result, await Call(TestTools.BuiltIn, "calculate", JsonSerializer.Serialize(new { expression })));

    [Theory]
    [InlineData("1 / 0")]
    [InlineData("input.size")]
    [InlineData("2 +")]
    [InlineData("")]
    public async Task Calculate_says_what_it_cannot_calculate(string expression) =>
        Assert.NotEmpty((await Assert.ThrowsAsync<ToolException>(() => Call(TestTools.BuiltIn, "calculate", JsonSerializer.Serialize(new { expression })))).Message);

    [Fact]
    public async Task Now_tells_the_time_of_the_gateways_clock()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var tools = TestTools.Catalog(services => services.AddSingleton<TimeProvider>(time));
        Assert.Equal("Friday, 2026-01-02 03:04:05 +00:00", await Call(tools, "now"));
        Assert.Contains("no time zone 'Mars/Base'", (await Assert.ThrowsAsync<ToolException>(() => Call(tools, "now", """{"zone":"Mars/Base"}"""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_may_put_a_tool_of_its_own_in_the_place_of_one_that_comes_along() =>
        Assert.Equal("late", await Call(TestTools.Catalog(services => services.AddTool("now", () => "late")), "now"));

    [Theory]
    [InlineData("search")]
    [InlineData("a b")]
    [InlineData("a__b")]
    public void Names_that_cannot_be_are_refused(string name) =>
        Assert.Throws<OptionsValidationException>(() => TestTools.Catalog(services => services.AddTool("search", () => 1).AddTool(name, () => 2)));

    [Fact]
    public void The_stricter_word_about_approval_holds()
    {
        var tools = TestTools.Catalog(services => services.AddTool("send", () => 1, approval: ToolApproval.Once).AddTool("post", () => 1, approval: ToolApproval.Always), ("Gateway:Tools:Approval:send", "always"), ("Gateway:Tools:Approval:post", "never"));
        Assert.Equal([ToolApproval.Always, ToolApproval.Always, ToolApproval.Never], new[] { "send", "post", "now" }.Select(name => tools.RulesOf(name).Approval));
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddTool("x", () => 1, approval: "maybe"));
    }

    internal static ToolInvocation Invocation(string name, string arguments = "{}") => new(name, JsonElement.Parse(arguments), new ToolCallContext { SessionId = "s", NodeId = "n", CallId = "n.1.1", IdempotencyKey = "the-key", Attempt = 1 });

    private static Task<string> Call(IToolCatalog tools, string name, string arguments = "{}") =>
        Wait.For(tools.CallAsync(Invocation(name, arguments), TestContext.Current.CancellationToken), $"the call of {name}");

    private sealed class Counter
    {
        public int Value { get; set; }
    }
}

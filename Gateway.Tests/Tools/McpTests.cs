using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Tools;

/// <summary>A real MCP server, as a program and over HTTP.</summary>
public sealed class McpTests
{
    [Fact]
    public async Task A_program_starts_when_it_is_needed_and_its_tools_are_called_by_its_name_and_theirs()
    {
        await using var services = TestTools.Provider(_ => { }, [.. McpProgram.AsCommand(), ("Gateway:Mcp:lib:Environment:SHOWN", "seen")]);
        var tools = services.GetRequiredService<IToolCatalog>();
        Assert.True(tools.MayHave("lib__whatever"));
        Assert.DoesNotContain("lib__echo", tools.Names);

        var offered = await Wait.For(tools.DescribeAsync(["lib"], TestContext.Current.CancellationToken), "the tools");
        var echo = offered.Single(tool => tool.Name == "lib__echo");
        Assert.Equal(("Says a text again.", "The text."), (echo.Description, echo.JsonSchema.GetProperty("properties").GetProperty("text").GetProperty("description").GetString()));
        Assert.Equal(["lib__key"], (await tools.DescribeAsync(["lib__key"], TestContext.Current.CancellationToken)).Select(tool => tool.Name));
        Assert.False(tools.MayHave("lib__whatever"));

        Assert.Equal("té \"x\"\n", await Call(tools, "lib__echo", """{"text":"té \"x\"\n"}"""));
        Assert.Equal("the-key", await Call(tools, "lib__key"));
        Assert.Equal("one\n[image/png, 4 bytes]\ntwo", await Call(tools, "lib__parts"));
        Assert.Equal("seen", await Call(tools, "lib__environment", """{"name":"SHOWN"}"""));
        Assert.Equal(100_000, (await Call(tools, "lib__large", """{"length":100000}""")).Length);

        // One process serves all calls.
        Assert.Equal(["1", "2"], [await Call(tools, "lib__count"), await Call(tools, "lib__count")]);
    }

    [Fact]
    public async Task Without_a_server_nothing_of_mcp_is_loaded()
    {
        using var folder = new TempFolder();
        await using var gateway = await Gateway.Tests.Processes.ServerProcess.StartAsync(folder.Path, ":", null, "--Gateway:Storage:Provider=memory");
        using var started = await gateway.Client.PostAsync("/api/v1/sessions", new StringContent("""{"workflow_id":"tool-approval","subject":"What is 1 + 1?"}""", System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.True(started.IsSuccessStatusCode);
        Assert.Contains("Microsoft.Extensions.AI.Abstractions.dll", gateway.Maps, StringComparison.Ordinal);
        Assert.DoesNotContain("ModelContextProtocol", gateway.Maps, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_over_http_is_called_alike()
    {
        var (process, address) = await McpProgram.ServeAsync();
        try
        {
            await using var services = TestTools.Provider(_ => { }, ("Gateway:Mcp:lib:Url", address), ("Gateway:Mcp:lib:Tools:0", "echo"), ("Gateway:Mcp:lib:Tools:1", "key"), ("Gateway:Mcp:lib:Approval", "once"), ("Gateway:Mcp:lib:Timeout", "7s"));
            var tools = services.GetRequiredService<IToolCatalog>();
            Assert.Equal((true, false), (tools.MayHave("lib__echo"), tools.MayHave("lib__die")));
            Assert.Equal((ToolApproval.Once, TimeSpan.FromSeconds(7)), (tools.RulesOf("lib__echo").Approval, tools.RulesOf("lib__echo").Timeout));
            Assert.Equal(["lib__echo", "lib__key"], (await Wait.For(tools.DescribeAsync(["lib"], TestContext.Current.CancellationToken), "the tools")).Select(tool => tool.Name).Order());
            Assert.Equal("hello", await Call(tools, "lib__echo", """{"text":"hello"}"""));
            Assert.Equal("the-key", await Call(tools, "lib__key"));
        }
        finally
        {
            process.Kill();
            process.Dispose();
        }
    }

    [Fact]
    public async Task A_server_that_ends_in_a_call_is_started_again_for_the_next_and_the_call_is_not_repeated()
    {
        await using var services = TestTools.Provider(_ => { }, McpProgram.AsCommand());
        var tools = services.GetRequiredService<IToolCatalog>();
        Assert.Equal("1", await Call(tools, "lib__count"));
        var failure = await Assert.ThrowsAsync<ToolException>(() => Call(tools, "lib__die"));
        Assert.StartsWith("MCP server 'lib' failed in a call of 'die', and whether that was done is not known.", failure.Message, StringComparison.Ordinal);
        Assert.Equal("1", await Call(tools, "lib__count"));
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended_and_started_again()
    {
        var time = new FakeTimeProvider();
        await using var services = TestTools.Provider(services => services.AddSingleton<TimeProvider>(time), [.. McpProgram.AsCommand("deaf"), ("Gateway:Mcp:lib:Timeout", "20s")]);
        var tools = services.GetRequiredService<IToolCatalog>();
        var first = await Call(tools, "lib__pid");
        using var stop = new CancellationTokenSource();
        var hanging = Call(tools, "lib__hang", "{}", stop.Token);
        time.Advance(TimeSpan.FromSeconds(20));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);

        // It is given the time of a call to answer a ping, and then its process ends.
        using var process = System.Diagnostics.Process.GetProcessById(int.Parse(first, System.Globalization.CultureInfo.InvariantCulture));
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(process.HasExited);
        time.Advance(TimeSpan.FromSeconds(1));
        await Wait.For(process.WaitForExitAsync(), "the end of the process that hangs");
        Assert.NotEqual(first, await Call(tools, "lib__pid"));
    }

    [Fact]
    public async Task A_server_that_gets_other_tools_in_a_call_answers_it_and_is_asked_for_them()
    {
        await using var services = TestTools.Provider(_ => { }, McpProgram.AsCommand());
        var tools = services.GetRequiredService<IToolCatalog>();
        using var stop = new CancellationTokenSource();
        var waiting = Call(tools, "lib__wait", "{}", stop.Token);
        Assert.Equal("1", await Call(tools, "lib__count"));
        Assert.Equal(["done", "done"], [await Call(tools, "lib__grow"), await Call(tools, "lib__grow")]);

        await Wait.Until(() => tools.MayHave("lib__grown"), "the new tool");
        Assert.Equal("new", await Call(tools, "lib__grown"));
        Assert.Contains("lib__grown", (await tools.DescribeAsync(["lib"], TestContext.Current.CancellationToken)).Select(tool => tool.Name));

        // It is the same process, and what was under way goes on.
        Assert.Equal("2", await Call(tools, "lib__count"));
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task What_a_tool_says_about_its_failure_is_told_and_an_unknown_one_is_named()
    {
        await using var services = TestTools.Provider(_ => { }, McpProgram.AsCommand());
        var tools = services.GetRequiredService<IToolCatalog>();
        Assert.Contains("The index is being built.", (await Assert.ThrowsAsync<ToolException>(() => Call(tools, "lib__fail"))).Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<ToolException>(() => Call(tools, "lib__none"));
        Assert.Equal(ErrorCode.ToolUnavailable, unknown.Code);
        Assert.StartsWith("There is no tool 'lib__none'; there are lib__", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_stopped_leaves_the_server_as_it_is()
    {
        await using var services = TestTools.Provider(_ => { }, McpProgram.AsCommand());
        var tools = services.GetRequiredService<IToolCatalog>();
        Assert.Equal("1", await Call(tools, "lib__count"));
        using var stop = new CancellationTokenSource();
        var waiting = Call(tools, "lib__wait", "{}", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(waiting, "the end of the call"));
        Assert.Equal("2", await Call(tools, "lib__count"));
    }

    [Fact]
    public async Task A_program_that_cannot_be_used_is_told_with_its_own_words_and_without_its_secrets()
    {
        await using var services = TestTools.Provider(_ => { }, [.. McpProgram.AsCommand("broken"), ("Gateway:Mcp:lib:Environment:INDEX_KEY", "sk-secret-4711")]);
        var tools = services.GetRequiredService<IToolCatalog>();
        var failure = await Assert.ThrowsAsync<ToolException>(() => Wait.For(tools.DescribeAsync(["lib"], TestContext.Current.CancellationToken), "the failure"));
        Assert.Equal(ErrorCode.ToolUnavailable, failure.Code);
        Assert.StartsWith("MCP server 'lib' cannot be used: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cannot open the index, key ***", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", failure.Message, StringComparison.Ordinal);

        // Whoever comes right behind is told the same.
        Assert.Equal(failure.Message, (await Assert.ThrowsAsync<ToolException>(() => Call(tools, "lib__echo"))).Message);
    }

    [Theory]
    [InlineData("/no/such/program", "cannot be used: ")]
    [InlineData(null, "cannot be used: it did not answer within 0.3 seconds.")]
    public async Task A_program_that_is_not_there_or_says_nothing_is_told(string? command, string reason)
    {
        (string, string)[] settings = command is null ? [.. McpProgram.AsCommand("silent"), ("Gateway:Mcp:lib:StartTimeout", "300ms")] : [("Gateway:Mcp:lib:Command", command)];
        await using var services = TestTools.Provider(_ => { }, settings);
        var failure = await Assert.ThrowsAsync<ToolException>(() => Wait.For(services.GetRequiredService<IToolCatalog>().DescribeAsync(["lib"], TestContext.Current.CancellationToken), "the failure"));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cat /dev/zero")]
    [InlineData("cat /dev/zero >&2 & cat /dev/zero")]
    public async Task A_program_that_writes_without_a_line_break_takes_no_memory_for_it(string script)
    {
        await using var services = TestTools.Provider(_ => { }, ("Gateway:Mcp:lib:Command", "sh"), ("Gateway:Mcp:lib:Arguments:0", "-c"), ("Gateway:Mcp:lib:Arguments:1", script));
        var failure = await Assert.ThrowsAsync<ToolException>(() => Wait.For(services.GetRequiredService<IToolCatalog>().DescribeAsync(["lib"], TestContext.Current.CancellationToken), "the failure"));
        Assert.StartsWith("MCP server 'lib' cannot be used: It sent more than 16 MiB in one message.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "\0", "It sent more than 16 MiB in one message.")]
    [InlineData("application/json", " \n", "It sent more than 16 MiB in one message.")]
    [InlineData("text/event-stream", "\0", "")]
    [InlineData("text/event-stream", "data: x\n", "")]
    public async Task A_server_over_http_that_answers_without_end_takes_no_memory_for_it(string mediaType, string words, string reason)
    {
        await using var server = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0"] }).Build();
        server.Run(async context =>
        {
            context.Response.ContentType = mediaType;
            var many = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(words, 64 * 1024 / words.Length)));
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(many, context.RequestAborted);
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        await using var services = TestTools.Provider(_ => { }, ("Gateway:Mcp:lib:Url", server.Urls.First()));
        var failure = await Assert.ThrowsAsync<ToolException>(() => Wait.For(services.GetRequiredService<IToolCatalog>().DescribeAsync(["lib"], TestContext.Current.CancellationToken), "the failure"));
        Assert.StartsWith($"MCP server 'lib' cannot be used: {reason}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gateway:Mcp:a", "has neither a Command, the program to start, nor a Url", "Gateway:Mcp:a:Approval", "never")]
    [InlineData("Gateway:Mcp:a", "has a Command and a Url", "Gateway:Mcp:a:Command", "x", "Gateway:Mcp:a:Url", "http://localhost/mcp")]
    [InlineData("Gateway:Mcp:a:Url", "is not an http or https address", "Gateway:Mcp:a:Url", "localhost:3000")]
    [InlineData("Gateway:Mcp:a__b", "is no name for a server", "Gateway:Mcp:a__b:Command", "x")]
    [InlineData("Gateway:Mcp:a:Approval", "'never' or 'once' or 'always'", "Gateway:Mcp:a:Command", "x", "Gateway:Mcp:a:Approval", "sometimes")]
    [InlineData("Gateway:Mcp:a:StartTimeout", "must be", "Gateway:Mcp:a:Command", "x", "Gateway:Mcp:a:StartTimeout", "0s")]
    [InlineData("Gateway:Tools:Approval:none", "there is no tool 'none'; there are calculate, now.", "Gateway:Tools:Approval:none", "once")]
    [InlineData("Gateway:Tools:Approval:now", "must be one of never, once, always", "Gateway:Tools:Approval:now", "yes")]
    public void A_mistake_in_the_settings_is_named(string setting, string sentence, params string[] settings)
    {
        var failure = Assert.ThrowsAny<OptionsValidationException>(() => TestTools.Catalog(_ => { }, [.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]));
        Assert.Contains(setting, failure.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    private static Task<string> Call(IToolCatalog tools, string name, string arguments = "{}", CancellationToken? stop = null) =>
        Wait.For(tools.CallAsync(CatalogTests.Invocation(name, arguments), stop ?? TestContext.Current.CancellationToken), $"the call of {name}");
}

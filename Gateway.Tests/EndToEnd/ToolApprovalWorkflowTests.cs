using System.Net;
using System.Net.Http.Json;
using Gateway.Contracts;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>The shipped workflow with tools and the built-in model, as a client sees it.</summary>
public sealed class ToolApprovalWorkflowTests
{
    [Theory]
    [InlineData("approve", "114.835", ToolCallStatus.Completed)]
    [InlineData("""edit: {"expression":"(84.50 + 12) * 1.07"}""", "103.255", ToolCallStatus.Completed)]
    [InlineData("reject: the tax is wrong", "A person rejected this call: the tax is wrong", ToolCallStatus.Rejected)]
    public async Task A_person_decides_about_the_calculation(string answer, string result, string status)
    {
        await using var gateway = await CustomFixture.StartAsync();
        using var http = gateway.CreateClient();
        using var started = await http.PostAsJsonAsync("/api/v1/sessions", new { workflow_id = "tool-approval", subject = "What is (84.50 + 12) * 1.19?", session_id = "sum" }, TestContext.Current.CancellationToken);
        Assert.True(started.IsSuccessStatusCode);
        await using var raw = await Watching.RawAsync(gateway, "sum");
        var prompt = (await raw.UntilAsync<NodeStateChange>(change => change.Status == NodeStatus.Suspended)).Data.Prompt!;
        Assert.Equal(("calculate", "(84.50 + 12) * 1.19"), (prompt.Tool!.Name, prompt.Tool.Arguments!.Value.GetProperty("expression").GetString()));
        Assert.Equal(HttpStatusCode.OK, await gateway.SayAsync("sum", answer, prompt.PromptId));

        var output = (await raw.UntilAsync<ExecutionCompleted>()).Data.Output!;
        Assert.Contains($"calculate: {result}", output, StringComparison.Ordinal);
        Assert.Contains("now: ", output, StringComparison.Ordinal);
        var calls = raw.Events.OfType<SessionEvent<TokenStream>>().Where(e => e.Data.Tool?.Name == "calculate").Select(e => e.Data).ToList();
        Assert.Equal(status, calls[^1].Tool!.Status);
        Assert.All(calls, call => Assert.True(call.IsThinking));
    }
}

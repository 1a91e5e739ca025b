using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Doors.Hubs;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>A definition inside a start is checked as strictly as a file: all problems, with the path of each.</summary>
public sealed class InlineWorkflowTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        { """{"name":5,"agents":{"a":{"temperature":"hot"}},"nodes":{"start":{"type":"start","next":"gone"},"x":{"type":"quantum"}}}""", ["name", "agents.a.temperature", "nodes.start.next", "nodes.x.type"] },
        { """{"zzz":1,"agents":{"a":{"name":"A","instructionz":"x"}},"nodes":{"start":{"type":"start","next":"n"},"n":{"type":"agent","agent":"a","next":"end","retrys":5},"end":{"type":"end"}}}""", ["zzz", "agents.a.instructionz", "nodes.n.retrys"] },
        { """{"agents":{"a":{"name":"A","instructions":"x"}},"nodes":{"start":{"type":"start","next":"n"},"start":{"type":"start","next":"n"},"n":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"}}}""", ["nodes.start: The key stands"] },
        { """{"nodes":[]}""", ["nodes: "] },
        { """{"agents":{"judge":{"max_output_tokens":1.5}}}""", ["agents.judge.max_output_tokens: "] },
        { """{"nodes":{"start":{"next":["a",5]}}}""", ["nodes.start.next"] },
        { """{"nodes":{"my.node":{"type":5}}}""", ["my.node", "type"] },
        { """{"agents":[],"id":7}""", ["agents: ", "id: "] },
        { "{}", ["nodes: "] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task All_that_is_wrong_is_told_on_each_door_that_takes_json(string workflow, string[] paths)
    {
        var start = $$"""{"subject":"Why?","workflow":{{workflow}}}""";
        using var http = gateway.CreateClient();
        using var body = new StringContent(start, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), body, TestContext.Current.CancellationToken);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await using var client = await WsClient.ConnectAsync(gateway, "/ws");
        await client.SendAsync($$"""{"cmd":"start_session","data":{{start}}}""");
        var error = (await client.ReplyAsync()).GetProperty("data");
        await using var hub = await RawHub.ConnectAsync(gateway, "json");
        await hub.SendTextAsync($$"""{"type":1,"invocationId":"1","target":"StartSession","arguments":[{{start}}]}""");
        var refusal = JsonElement.Parse((await hub.NextAsync())!.TrimEnd('\u001e'));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(ErrorCode.InvalidWorkflow, problem.GetProperty("code").GetString());
        Assert.Equal(ErrorCode.InvalidWorkflow, error.GetProperty("code").GetString());
        Assert.All(paths, path => Assert.Contains(path, problem.GetProperty("detail").GetString(), StringComparison.Ordinal));
        Assert.Equal(problem.GetProperty("detail").GetString(), error.GetProperty("error").GetString());
        Assert.EndsWith($"{ErrorCode.InvalidWorkflow}: {problem.GetProperty("detail").GetString()}", refusal.GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}

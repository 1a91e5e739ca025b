using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Doors.Http;

public sealed class WorkflowEndpointTests
{
    [Fact]
    public async Task Workflows_are_listed_with_their_definition()
    {
        await using var server = await HttpServer.StartAsync();

        var list = await HttpServer.JsonAsync(await server.GetAsync("/api/v1/workflows"));

        var workflow = Assert.Single(list.GetProperty("workflows").EnumerateArray());
        Assert.Equal("quick-answer", workflow.GetProperty("id").GetString());
        Assert.Equal("answer", workflow.GetProperty("nodes").GetProperty("start").GetProperty("next").GetString());
    }

    [Fact]
    public async Task A_workflow_is_read_by_its_id()
    {
        await using var server = await HttpServer.StartAsync();

        var workflow = await HttpServer.JsonAsync(await server.GetAsync("/api/v1/workflows/quick-answer"));

        Assert.Equal("Helper", workflow.GetProperty("agents").GetProperty("helper").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("nothing-here")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("%0D%0Ax")]
    public async Task An_unknown_workflow_is_not_found(string id)
    {
        await using var server = await HttpServer.StartAsync();

        await HttpServer.ProblemAsync(await server.GetAsync($"/api/v1/workflows/{id}"), 404, ErrorCode.UnknownWorkflow);
    }
}

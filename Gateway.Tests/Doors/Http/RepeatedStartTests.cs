using System.Net;
using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>The same start twice is one session, whatever became of the workflow file in between.</summary>
public sealed class RepeatedStartTests
{
    private const string Workflow = """
        id: mine
        name: Mine
        agents:
          a: { name: A, instructions: Answer. }
        nodes:
          start: { type: start, next: n }
          n: { type: agent, agent: a, next: end }
          end: { type: end }
        """;

    [Fact]
    public async Task A_start_repeated_after_its_workflow_has_gone_is_still_a_no_op()
    {
        using var folder = new TempFolder();
        var file = folder.Write("workflows/mine.yaml", Workflow);
        var settings = new Dictionary<string, string?>
        {
            ["Gateway:WorkflowsPath"] = Path.GetDirectoryName(file),
            ["Gateway:Storage:Provider"] = "sqlite",
            ["Gateway:Storage:Path"] = folder.At("log.db"),
        };
        await using (var first = await CustomFixture.StartAsync(settings)) Assert.Equal(HttpStatusCode.Created, await PostAsync(first, "Why?"));

        File.Delete(file);
        await using var second = await CustomFixture.StartAsync(settings);

        Assert.True((int)await PostAsync(second, "Why?") is >= 200 and < 300);
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(second, "Why not?"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<HttpStatusCode> PostAsync(GatewayFixture gateway, string subject)
    {
        using var body = new StringContent($$"""{"session_id":"s1","workflow_id":"mine","subject":"{{subject}}"}""", Encoding.UTF8, "application/json");
        using var response = await gateway.CreateClient().PostAsync("/api/v1/sessions", body, Token);
        return response.StatusCode;
    }
}

using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>A start whose input does not fit is refused, whatever the door.</summary>
public abstract class InputSuite<TDoor>(SocketFixture gateway) : IClassFixture<SocketFixture>
    where TDoor : IDoorKind
{
    private static readonly WorkflowDefinition s_workflow = SampleWorkflows.Quick with
    {
        Agents = new Dictionary<string, AgentDefinition> { ["a"] = new() },
        Inputs = JsonElement.Parse("""{"type":"object","properties":{"topic":{"type":"string","minLength":3},"rounds":{"type":"integer"}},"required":["topic","rounds"],"additionalProperties":false}"""),
    };

    [Fact]
    public async Task An_input_that_does_not_fit_is_refused()
    {
        await using var door = await TDoor.ConnectAsync(gateway);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => door.StartAsync(new StartSession { Workflow = s_workflow, Input = JsonElement.Parse("""{"topic":"a","more":1}""") }));

        Assert.Equal(ErrorCode.InvalidData, refused.Code);
    }

    [Fact]
    public async Task One_that_fits_starts()
    {
        await using var door = await TDoor.ConnectAsync(gateway);

        Assert.True(await door.StartAsync(new StartSession { SessionId = Starts.NewId(), Workflow = s_workflow, Input = JsonElement.Parse("""{"topic":"Trams","rounds":1}""") }) > 0);
    }
}

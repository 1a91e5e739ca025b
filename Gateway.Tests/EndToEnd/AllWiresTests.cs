using System.Text.Json.Nodes;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.EndToEnd;

/// <summary>Whoever watches sees the same, on whichever wire.</summary>
public sealed class AllWiresTests(GatedGateway gateway) : IClassFixture<GatedGateway>
{
    [Fact]
    public async Task All_wires_show_the_same_events()
    {
        var scene = new Scene(gateway, SampleWorkflows.Reviewed);
        await using var starter = await WebSocketDoor.ConnectAsync(gateway);
        await starter.StartAsync(scene.Start);
        await using var socket = await WebSocketDoor.WatchAsync(gateway, scene.Id);
        await using var json = await HubJsonDoor.WatchAsync(gateway, scene.Id);
        await using var messagePack = await HubMessagePackDoor.WatchAsync(gateway, scene.Id);
        await using var http = await HttpDoor.WatchAsync(gateway, scene.Id);

        // Each command comes through another door.
        var a = await scene.CallAsync("a");
        a.Say("辩论 \"q\" \\ \u2028 🧑‍⚖️ ").Say("<b> ");
        await http.PauseAsync(scene.Id);
        await json.ResumeAsync(scene.Id);
        a.Say("end").End();
        await socket.ReadToAsync(f => f.Gist == "paused awaiting_input");
        await messagePack.SayAsync(scene.Id, new UserInput { Content = "fine" });
        (await scene.CallAsync("b")).Say("Final.").End();

        var expected = await starter.ReadToEndAsync();
        Rules.Check(expected);
        foreach (var door in new[] { json, messagePack, http })
        {
            Assert.Equal(expected.Select(Plain), (await door.ReadToEndAsync()).Select(Plain));
        }
    }

    [Fact]
    public async Task A_client_may_watch_one_session_on_every_wire_and_start_on_another()
    {
        foreach (var connect in new Func<Task<IDoor>>[] { () => HubJsonDoor.ConnectAsync(gateway), () => HubMessagePackDoor.ConnectAsync(gateway), () => HttpDoor.ConnectAsync(gateway) })
        {
            var scene = new Scene(gateway, SampleWorkflows.Quick);
            await using var broadcast = await WsClient.ConnectAsync(gateway);
            await broadcast.AssertServesAsync();
            await using var starter = await connect();
            await starter.StartAsync(scene.Start);
            (await scene.CallAsync("a")).Say("Tea.").End();

            var seen = await broadcast.ReadToEndAsync(scene.Id);
            Assert.Equal((await starter.ReadToEndAsync()).Select(f => f.Seq), seen.Select(f => f.GetProperty("seq").GetInt64()));
        }
    }

    // Without what MessagePack has beside JSON: nil for what is absent, amounts as doubles, members in another order.
    private static string Plain(Frame frame) => Plain(JsonNode.Parse(frame.Json.GetRawText())!).ToJsonString();

    private static JsonNode Plain(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                var plain = new JsonObject();
                foreach (var (name, value) in members.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    if (value is null) continue;
                    plain[name] = name == "estimated_cost_usd" ? value.GetValue<double>() : Plain(value);
                }

                return plain;
            case JsonArray items:
                return new JsonArray([.. items.Select(i => i is null ? null : Plain(i))]);
            default:
                return node.DeepClone();
        }
    }
}

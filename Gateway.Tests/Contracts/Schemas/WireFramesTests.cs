using System.Text.Json;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Contracts.Schemas;

/// <summary>Whatever a running gateway sends over its sockets fits its schema, and so does what it is sent.</summary>
public sealed class WireFramesTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    private const string Separator = "\u001e";

    [Fact]
    public async Task Every_frame_of_the_WebSocket_fits_its_schema()
    {
        var id = Starts.NewId();
        await using var reader = await RawReader.ConnectAsync(gateway, "/ws?live=false&merge=true");
        var seen = new HashSet<string>();
        string[] commands =
        [
            $$$"""{"cmd":"start_session","id":"1","data":{"workflow_id":"reviewed-draft","subject":"Trams","session_id":"{{{id}}}"}}""",
            """{"cmd":"pause_session","id":"2"}""",
            """{"cmd":"user_input","id":"3","data":{"content":"Think of the disabled.","remark":true}}""",
            """{"cmd":"resume_session","id":"4"}""",
            $$$"""{"cmd":"subscribe","id":"5","data":{"session_id":"{{{id}}}","snapshot":true}}""",
            """{"cmd":"ping","id":"6"}""",
            """{"cmd":"pause_session","id":"7","data":{"session_id":"nobody"}}""",
            """{"cmd":"unsubscribe","id":"8"}""",
            $$$"""{"cmd":"subscribe","id":"9","data":{"session_id":"{{{id}}}"}}""",
            """{"cmd":"cancel_session","id":"10"}""",
        ];
        foreach (var text in commands)
        {
            var frame = JsonElement.Parse(text);
            FrameSchemas.AssertFits(FrameNames.Of(frame), frame);
            await reader.SendAsync(text);
        }

        // What is no command is answered, too.
        await reader.SendAsync("nothing");
        await reader.SendAsync("""{"cmd":"dance","id":"11"}""");
        await reader.SendAsync("""{"cmd":"ping","id":"12"}""");
        for (var isAnswered = false; !isAnswered || !seen.Contains("ExecutionCompletedEvent");)
        {
            var frame = await reader.NextJsonAsync();
            var name = FrameNames.Of(frame);
            FrameSchemas.AssertFits(name, frame);
            seen.Add(name);
            isAnswered |= frame.TryGetProperty("id", out var command) && command.GetString() == "12";
        }

        Assert.Superset(new HashSet<string> { "AckFrame", "ErrorReply", "PongFrame", "SnapshotFrame", "NodeStateChangeEvent", "ExecutionPausedEvent" }, seen);
    }

    [Fact]
    public async Task Every_message_of_the_hub_in_JSON_fits_its_schema()
    {
        var id = Starts.NewId();
        await using var reader = await RawReader.ConnectAsync(gateway, "/hub");
        await reader.SendAsync("{\"protocol\":\"json\",\"version\":1}" + Separator);
        Assert.Equal("{}" + Separator, await reader.NextTextAsync());
        var calls = new Dictionary<string, string>();
        var seen = new HashSet<string>();
        await CallAsync("StartSession", $$"""{"workflow_id":"council-debate","subject":"Trams","session_id":"{{id}}"}""");
        await CallAsync("PauseSession", $$"""{"session_id":"{{id}}"}""");
        await CallAsync("UserInput", $$"""{"session_id":"{{id}}","content":"Well?"}""");
        await CallAsync("ResumeSession", $$"""{"session_id":"{{id}}"}""");
        await CallAsync("SubscribeSnapshot", $"\"{id}\"");
        await CallAsync("Subscribe", $"\"{id}\",0");
        await CallAsync("Subscribe", "\"nobody\",0");
        await CallAsync("Ping", "");
        for (var (answers, ended) = (0, false); !ended || answers < calls.Count;)
        {
            foreach (var text in (await reader.NextTextAsync()).Split(Separator, StringSplitOptions.RemoveEmptyEntries))
            {
                var message = JsonElement.Parse(text);
                var name = FrameNames.OfHub(message, calls);
                FrameSchemas.AssertFits(name, message);
                seen.Add(name);
                if (message.GetProperty("type").GetInt32() == 3) answers++;
                ended |= name == "ExecutionCompletedInvocation";
            }
        }

        Assert.Superset(new HashSet<string> { "StartSessionCompletion", "SubscribeSnapshotCompletion", "SubscribeCompletion", "PingCompletion", "HubRefusal", "TokenStreamInvocation", "NodeStateChangeInvocation", "ParallelStartInvocation", "TokenUsageInvocation" }, seen);

        async Task CallAsync(string method, string arguments)
        {
            var call = $"{calls.Count + 1}";
            calls.Add(call, method);
            var text = $$"""{"type":1,"invocationId":"{{call}}","target":"{{method}}","arguments":[{{arguments}}]}""";
            FrameSchemas.AssertFits(Generated.HubSchemas.CallOf(method), JsonElement.Parse(text));
            await reader.SendAsync(text + Separator);
        }
    }
}

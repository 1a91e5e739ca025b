using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.WebSockets;

/// <summary>What a client may send wrongly: it is told so, stays connected, and nothing else happens.</summary>
public sealed class BadFrameTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    private const int Limit = 64 * 1024;

    public static TheoryData<string, string, string?> Frames => new()
    {
        { "", ErrorCode.InvalidFrame, null },
        { "ping", ErrorCode.InvalidFrame, null },
        { "{", ErrorCode.InvalidFrame, null },
        { """{"cmd":"ping"}{"cmd":"ping"}""", ErrorCode.InvalidFrame, null },
        { """{"cmd":"ping",}""", ErrorCode.InvalidFrame, null },
        { """{"cmd":"ping"} // comment""", ErrorCode.InvalidFrame, null },
        { "{\"cmd\":\"pi\nng\"}", ErrorCode.InvalidFrame, null },
        { "[]", ErrorCode.InvalidFrame, null },
        { "null", ErrorCode.InvalidFrame, null },
        { "7", ErrorCode.InvalidFrame, null },
        { "\"ping\"", ErrorCode.InvalidFrame, null },
        { "{}", ErrorCode.MissingCommand, null },
        { """{"data":{}}""", ErrorCode.MissingCommand, null },
        { """{"cmd":null}""", ErrorCode.MissingCommand, null },
        { """{"cmd":7}""", ErrorCode.MissingCommand, null },
        { """{"cmd":["ping"]}""", ErrorCode.MissingCommand, null },
        { """{"cmd":""}""", ErrorCode.UnknownCommand, "" },
        { """{"cmd":"Ping"}""", ErrorCode.UnknownCommand, "Ping" },
        { """{"cmd":"drop_table","data":{}}""", ErrorCode.UnknownCommand, "drop_table" },
        { """{"cmd":"ping","id":7}""", ErrorCode.InvalidFrame, null },
        { """{"cmd":"ping","id":{}}""", ErrorCode.InvalidFrame, null },
        { """{"cmd":"ping","data":[]}""", ErrorCode.InvalidData, "ping" },
        { """{"cmd":"ping","data":"x"}""", ErrorCode.InvalidData, "ping" },
        { """{"cmd":"start_session","data":7}""", ErrorCode.InvalidData, "start_session" },
    };

    [Fact]
    public async Task A_byte_order_mark_is_passed_over_as_over_HTTP()
    {
        await using var client = await WsClient.ConnectAsync(gateway);

        await client.SendAsync("\ufeff{\"cmd\":\"ping\"}");

        Assert.Equal("pong", (await client.ReplyAsync()).GetProperty("event").GetString());
    }

    public static TheoryData<string, string, string> WrongShapes => new()
    {
        { "start_session", """{"workflow_id":7}""", "'workflow_id' must be a string." },
        { "start_session", """{"template_id":{}}""", "'template_id' must be a string." },
        { "start_session", """{"workflow":"quick-answer"}""", "'workflow' must be an object." },
        { "start_session", """{"workflow_id":"quick-answer","input":7}""", "'input' is a string or an object." },
        { "start_session", """{"workflow_id":"quick-answer","input":[]}""", "'input' is a string or an object." },
        { "start_session", """{"workflow_id":"quick-answer","subject":[]}""", "'subject' must be a string." },
        { "start_session", """{"workflow_id":"quick-answer","session_id":7}""", "'session_id' must be a string." },
        { "pause_session", """{"session_id":7}""", "'session_id' must be a string." },
        { "resume_session", """{"session_id":true}""", "'session_id' must be a string." },
        { "cancel_session", """{"session_id":{}}""", "'session_id' must be a string." },
        { "unsubscribe", """{"session_id":[]}""", "'session_id' must be a string." },
        { "user_input", """{"session_id":7}""", "'session_id' must be a string." },
        { "user_input", """{"content":7}""", "'content' must be a string." },
        { "user_input", """{"content":"x","prompt_id":7}""", "'prompt_id' must be a string." },
        { "user_input", """{"content":"x","node_id":7}""", "'node_id' must be a string." },
        { "subscribe", """{"session_id":7}""", "'session_id' must be a string." },
        { "subscribe", """{"session_id":"s","after_seq":"7"}""", "'after_seq' must be a whole number." },
        { "subscribe", """{"session_id":"s","after_seq":1.5}""", "'after_seq' must be a whole number." },
        { "subscribe", """{"session_id":"s","after_seq":99999999999999999999}""", "'after_seq' must be a whole number." },
        { "subscribe", """{"session_id":"s","snapshot":"yes"}""", "'snapshot' must be true or false." },
    };

    // Each with half a character where an odd place for it is.
    public static TheoryData<string, string?, string?> HalfCharacters => new()
    {
        { """{"cmd":"\ud83e"}""", null, null },
        { """{"cmd":"ping","id":"\udd80"}""", null, "ping" },
        { """{"cmd":"ping","id":"a","more":"\ud83e"}""", "a", "ping" },
        { """{"cmd":"ping","id":"a","\ud83e":1}""", null, null },
        { """{"cmd":"ping","id":"a","data":{"\ud83e":1}}""", "a", "ping" },
        { """{"cmd":"start_session","id":"a","data":{"workflow_id":"\ud83e"}}""", "a", "start_session" },
        { """{"cmd":"start_session","id":"a","data":{"workflow_id":"quick-answer","subject":"x\ud83ey"}}""", "a", "start_session" },
        { """{"cmd":"start_session","id":"a","data":{"workflow_id":"quick-answer","input":"\udd80\ud83e"}}""", "a", "start_session" },
        { """{"cmd":"start_session","id":"a","data":{"workflow_id":"quick-answer","input":{"x":{"y":["\ud83e"]}}}}""", "a", "start_session" },
        { """{"cmd":"start_session","id":"a","data":{"workflow_id":"quick-answer","session_id":"\ud83e"}}""", "a", "start_session" },
        { """{"cmd":"start_session","id":"a","data":{"workflow":{"agents":{"\ud83e":{}}}}}""", "a", "start_session" },
        { """{"cmd":"start_session","id":"a","data":{"workflow":{"nodes":{"start":{"next":["\ud83e"]}}}}}""", "a", "start_session" },
        { """{"cmd":"user_input","id":"a","data":{"content":"\ud83e"}}""", "a", "user_input" },
        { """{"cmd":"user_input","id":"a","data":{"content":"x","prompt_id":"\ud83e"}}""", "a", "user_input" },
        { """["\ud83e"]""", null, null },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task A_frame_that_is_no_command_is_answered_with_an_error(string frame, string code, string? command)
    {
        await using var client = await WsClient.ConnectAsync(gateway);

        await client.SendAsync(frame);

        var data = AssertError(await client.ReplyAsync(), code);
        Assert.Equal(command, data.TryGetProperty("cmd", out var cmd) ? cmd.GetString() : null);
        await client.AssertServesAsync();
    }

    [Theory]
    [MemberData(nameof(WrongShapes))]
    public async Task Data_of_the_wrong_shape_is_answered_with_the_member_it_is_about(string command, string data, string sentence)
    {
        await using var client = await WsClient.ConnectAsync(gateway);

        await client.SendAsync($$"""{"cmd":"{{command}}","data":{{data}}}""");

        var error = AssertError(await client.ReplyAsync(), ErrorCode.InvalidData);
        Assert.Equal(sentence, error.GetProperty("error").GetString());
        Assert.Equal(command, error.GetProperty("cmd").GetString());
        await client.AssertServesAsync();
    }

    [Theory]
    [MemberData(nameof(HalfCharacters))]
    public async Task Half_a_character_is_refused_wherever_it_stands(string frame, string? id, string? command)
    {
        await using var client = await WsClient.ConnectAsync(gateway);

        await client.SendAsync(frame);

        var reply = await client.ReplyAsync();
        var data = AssertError(reply, ErrorCode.InvalidData);
        Assert.Equal(id, reply.TryGetProperty("id", out var actual) ? actual.GetString() : null);
        Assert.Equal(command, data.TryGetProperty("cmd", out var cmd) ? cmd.GetString() : null);
        await client.AssertServesAsync();
    }

    [Theory]
    [InlineData("""{"cmd":"ping","data":{"x":*}}""", "[", "]")]
    [InlineData("""{"cmd":"start_session","data":{"workflow_id":"quick-answer","input":*}}""", "{\"a\":", "}")]
    [InlineData("*", "[", "]")]
    public async Task Json_10000_deep_is_refused(string frame, string open, string close)
    {
        await using var client = await WsClient.ConnectAsync(gateway);
        var deep = new StringBuilder().Insert(0, open, 10_000).Append('1').Insert(10_000 * open.Length + 1, close, 10_000);

        await client.SendAsync(frame.Replace("*", deep.ToString(), StringComparison.Ordinal));

        AssertError(await client.ReplyAsync(), ErrorCode.InvalidFrame);
        await client.AssertServesAsync();
    }

    [Fact]
    public async Task An_id_has_up_to_128_characters()
    {
        await using var client = await WsClient.ConnectAsync(gateway);
        var id = new string('i', 128);

        await client.SendAsync($$"""{"cmd":"ping","id":"{{id}}"}""");
        Assert.Equal(id, (await client.ReplyAsync()).GetProperty("id").GetString());

        await client.SendAsync($$"""{"cmd":"ping","id":"{{id}}i"}""");
        AssertError(await client.ReplyAsync(), ErrorCode.InvalidFrame);
    }

    [Fact]
    public async Task A_message_may_come_in_fragments()
    {
        await using var client = await WsClient.ConnectAsync(gateway);
        var message = Encoding.UTF8.GetBytes("""{"cmd":"ping","id":"辩论 🧑‍⚖️"}""");

        // Also in the middle of a character, and with fragments of nothing.
        await client.SendAsync([], WebSocketMessageType.Text, end: false);
        foreach (var one in message) await client.SendAsync([one], WebSocketMessageType.Text, end: false);
        await client.SendAsync([], WebSocketMessageType.Text, end: true);

        Assert.Equal("辩论 🧑‍⚖️", (await client.ReplyAsync()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Many_frames_at_once_are_answered_in_order()
    {
        await using var client = await WsClient.ConnectAsync(gateway);

        for (var i = 0; i < 500; i++) await client.SendAsync(i % 2 == 0 ? $$"""{"cmd":"ping","id":"{{i}}"}""" : $$"""{"cmd":"nothing","id":"{{i}}"}""");

        for (var i = 0; i < 500; i++)
        {
            var reply = await client.ReplyAsync();
            Assert.Equal($"{i}", reply.GetProperty("id").GetString());
            Assert.Equal(i % 2 == 0 ? "pong" : "error", reply.GetProperty("event").GetString());
        }
    }

    [Fact]
    public async Task A_message_of_the_limit_is_served()
    {
        await using var client = await WsClient.ConnectAsync(gateway);

        await client.SendAsync(Padded("""{"cmd":"ping","id":"full"}""", Limit));

        Assert.Equal("full", (await client.ReplyAsync()).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_over_the_limit_closes_with_1009(bool inFragments)
    {
        await using var other = await WsClient.ConnectAsync(gateway);
        await using var client = await WsClient.ConnectAsync(gateway);
        var message = Encoding.UTF8.GetBytes(Padded("""{"cmd":"ping","id":"full"}""", Limit + 1));

        if (inFragments)
        {
            foreach (var chunk in message.Chunk(1000)) await client.SendAsync(chunk, WebSocketMessageType.Text, end: false);
        }
        else
        {
            await client.SendAsync(message, WebSocketMessageType.Text);
        }

        Assert.Equal(CloseCode.MessageTooBig, await client.CloseCodeAsync());
        await other.AssertServesAsync();
    }

    [Fact]
    public async Task A_start_of_a_megabyte_is_for_the_other_doors()
    {
        await using var client = await WsClient.ConnectAsync(gateway);

        await client.SendAsync($$$"""{"cmd":"start_session","data":{"workflow_id":"quick-answer","subject":"{{{new string('x', 1024 * 1024)}}}"}}""");

        Assert.Equal(CloseCode.MessageTooBig, await client.CloseCodeAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(1024 * 1024)]
    public async Task A_binary_message_closes_with_1003(int length)
    {
        await using var other = await WsClient.ConnectAsync(gateway);
        await using var client = await WsClient.ConnectAsync(gateway);

        await client.SendAsync(new byte[length], WebSocketMessageType.Binary);

        Assert.Equal(CloseCode.UnsupportedData, await client.CloseCodeAsync());
        await other.AssertServesAsync();
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xF0, 0x9F })]
    public async Task Text_that_is_not_utf8_closes_with_1007(byte[] message)
    {
        await using var other = await WsClient.ConnectAsync(gateway);
        await using var client = await WsClient.ConnectAsync(gateway);

        await client.SendAsync(message, WebSocketMessageType.Text);

        Assert.Equal(CloseCode.InvalidPayload, await client.CloseCodeAsync());
        await other.AssertServesAsync();
    }

    private static string Padded(string frame, int length) => frame + new string(' ', length - frame.Length);

    private static JsonElement AssertError(JsonElement reply, string code)
    {
        Assert.Equal("error", reply.GetProperty("event").GetString());
        var data = reply.GetProperty("data");
        Assert.True(code == data.GetProperty("code").GetString(), reply.ToString());
        Assert.NotEmpty(data.GetProperty("error").GetString()!);
        return data;
    }
}

using System.Text;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace Gateway.Tests.Doors.Hubs;

/// <summary>What no SignalR client sends: it costs its sender the connection at most, and is no error of the gateway.</summary>
public sealed class BadMessageTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    private const byte ArrayOfSix = 0x96;
    private const byte ArrayOfOne = 0x91;
    private const byte Nil = 0xC0;

    public static TheoryData<string> HalfCharacters =>
    [
        """{"workflow_id":"\ud83e"}""",
        """{"workflow_id":"quick-answer","subject":"\ud83e"}""",
        """{"workflow_id":"quick-answer","input":"\udd80\ud83e"}""",
        """{"workflow_id":"quick-answer","input":{"a":"\ud83e"}}""",
        """{"workflow_id":"quick-answer","input":{"a":{"b":["\ud83e"]}}}""",
        """{"workflow_id":"quick-answer","input":{"\ud83e":1}}""",
        """{"workflow_id":"quick-answer","session_id":"\ud83e"}""",
        """{"workflow":{"nodes":{"start":{"type":"\ud83e"}}}}""",
        """{"workflow":{"nodes":{"start":{"next":["\ud83e"]}}}}""",
    ];

    [Theory]
    [MemberData(nameof(HalfCharacters))]
    public async Task Half_a_character_is_refused(string command)
    {
        await using var hub = await RawHub.ConnectAsync(gateway, "json");

        await hub.SendTextAsync($$"""{"type":1,"invocationId":"1","target":"StartSession","arguments":[{{command}}]}""");

        Assert.Contains($"HubException: {ErrorCode.InvalidData}: ", await hub.NextAsync());
        await hub.SendTextAsync("""{"type":1,"invocationId":"2","target":"Ping","arguments":[]}""");
        Assert.Contains("pong", await hub.NextAsync());
    }

    [Fact]
    public async Task A_message_that_is_too_large_ends_the_connection_with_the_reason()
    {
        await using var hub = await RawHub.ConnectAsync(gateway, "json");

        await hub.SendTextAsync($$"""{"type":1,"invocationId":"1","target":"UserInput","arguments":["{{new string('x', 2 * 1024 * 1024)}}"]}""");

        Assert.Contains($"{ErrorCode.MessageTooLarge}: A message on the hub has at most 2097152 bytes.", await hub.NextAsync());
    }

    [Fact]
    public async Task A_message_of_an_unknown_type_is_passed_over()
    {
        await using var hub = await RawHub.ConnectAsync(gateway, "json");

        await hub.SendTextAsync("""{"type":99}""");
        await hub.SendTextAsync("""{"type":1,"invocationId":"1","target":"Ping","arguments":[]}""");

        Assert.Contains("pong", await hub.NextAsync());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("no message")]
    [InlineData("[]")]
    [InlineData("""{"type":"one"}""")]
    [InlineData("""{"type":1,"target":7}""")]
    [InlineData("""{"type":1,"target":"\ud83e","arguments":[]}""")]
    [InlineData("""{"type":99}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":2,"invocationId":"none","item":1}""")]
    [InlineData("""{"type":4,"invocationId":"1","target":"Ping","arguments":[]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"StartSession","arguments":[{"workflow_id":"quick-answer","input":*}]}""")]
    public async Task Whatever_comes_as_json_is_no_error_of_the_gateway(string message)
    {
        await using var other = await HubReader.ConnectAsync(gateway, messagePack: false);
        await using var hub = await RawHub.ConnectAsync(gateway, "json");
        var deep = new string('[', 10_000) + new string(']', 10_000);

        await hub.SendTextAsync(message.Replace("*", deep, StringComparison.Ordinal));
        await hub.SendTextAsync("""{"type":7}""");

        await hub.ClosedAsync();
        Assert.Equal("pong", await Wait.For(other.Connection.InvokeAsync<string>(nameof(IWorkflowHub.Ping)), "the other connection's pong"));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1_000_000)]
    public async Task Deep_messagepack_is_refused(int depth)
    {
        await using var other = await HubReader.ConnectAsync(gateway, messagePack: true);
        await using var hub = await RawHub.ConnectAsync(gateway, "messagepack");
        byte[] deep = [.. Enumerable.Repeat(ArrayOfOne, depth), Nil];

        // An input that deep, a member nobody knows that deep, and no message at all.
        await hub.SendBinaryAsync(StartSession([0x81, .. Text("input"), .. deep]));
        Assert.Contains($"HubException: {ErrorCode.InvalidData}: ", await hub.NextAsync());
        await hub.SendBinaryAsync(StartSession([0x81, .. Text("unknown"), .. deep]));
        Assert.Contains($"HubException: {ErrorCode.InvalidData}: ", await hub.NextAsync());
        await hub.SendBinaryAsync(deep);
        await hub.ClosedAsync();

        Assert.Equal("pong", await Wait.For(other.Connection.InvokeAsync<string>(nameof(IWorkflowHub.Ping)), "the other connection's pong"));
    }

    [Theory]
    [InlineData(new byte[] { 0xC1 })]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0xDD, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x96, 0x01 })]
    public async Task Whatever_comes_as_messagepack_is_no_error_of_the_gateway(byte[] message)
    {
        await using var other = await HubReader.ConnectAsync(gateway, messagePack: true);
        await using var hub = await RawHub.ConnectAsync(gateway, "messagepack");

        await hub.SendBinaryAsync(message);

        await hub.ClosedAsync();
        Assert.Equal("pong", await Wait.For(other.Connection.InvokeAsync<string>(nameof(IWorkflowHub.Ping)), "the other connection's pong"));
    }

    // [1, {}, "1", "StartSession", [argument], []]
    private static byte[] StartSession(byte[] argument) => [ArrayOfSix, 0x01, 0x80, .. Text("1"), .. Text("StartSession"), 0x91, .. argument, 0x90];

    private static byte[] Text(string text) => [(byte)(0xA0 | text.Length), .. Encoding.ASCII.GetBytes(text)];
}

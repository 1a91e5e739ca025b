using Gateway.Contracts;
using Gateway.Tests.Commands;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.WebSockets;

/// <summary>A viewer is told to stay away only for what does not pass.</summary>
public sealed class PassingRefusalTests(WatchFixture gateway) : IClassFixture<WatchFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("&snapshot=true")]
    public async Task A_store_that_fails_ends_the_connection_without_a_close_frame_and_the_viewer_comes_back(string query)
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.LogOnlyAsync(2);
        gateway.Store.FailAfter(0, session.Id);
        await using (var peer = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}{query}"))
        {
            Assert.Contains(ErrorCode.StorageUnavailable, await peer.ReadTextAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await peer.ReadCloseCodeAsync());
        }

        gateway.Store.Work();
        await using var again = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}{query}");
        Assert.Contains("\"seq\":", await again.ReadTextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway.v1", true)]
    [InlineData("other, gateway.v1", true)]
    [InlineData("json", false)]
    public async Task Our_own_subprotocol_is_chosen_where_it_is_offered(string offered, bool chosen)
    {
        await using var peer = await Peer.DialAsync(gateway);
        await peer.SendBytesAsync(System.Text.Encoding.ASCII.GetBytes(Transport.Heads.Upgrade("/ws", $"Sec-WebSocket-Protocol: {offered}\r\n")));

        var answer = await peer.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.Equal(chosen, answer.Contains("\r\nSec-WebSocket-Protocol: gateway.v1\r\n", StringComparison.Ordinal));
    }
}

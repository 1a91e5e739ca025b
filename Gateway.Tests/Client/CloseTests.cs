using Gateway.Client;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>What the client makes of a close frame on <c>/ws</c>.</summary>
public sealed class CloseTests() : ClientTest(GatewayWire.WebSocket)
{
    [Theory]
    [InlineData(CloseCode.ProtocolError)]
    [InlineData(CloseCode.UnsupportedData)]
    [InlineData(CloseCode.InvalidPayload)]
    [InlineData(CloseCode.PolicyViolation)]
    [InlineData(CloseCode.MessageTooBig)]
    public async Task A_close_that_says_not_to_come_back_is_obeyed(int code)
    {
        Server.Session("s-1").Say(1);
        var retries = 0;
        var client = await ConnectAsync(o => o.RetryPolicy = new ImmediateRetry(onRetry: () => retries++));
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);

        await Server.RawConnections.Values.Single().CloseAsync(code, "no more");

        var failure = await RefusedAsync(RestAsync(reader));
        Assert.Equal(ClientErrorCode.ConnectionRefused, failure.Code);
        Assert.Contains($"{code}: no more", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ClientErrorCode.ConnectionRefused, (await RefusedAsync(client.PingAsync(Token))).Code);
        Assert.Equal((GatewayConnectionState.Closed, 0), (client.ConnectionState, retries));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1011)]
    [InlineData(1012)]
    [InlineData(1013)]
    public async Task A_close_of_something_in_between_is_a_lost_connection(int code)
    {
        var session = Server.Session("s-1").Say(1);
        var client = await ConnectAsync();
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);

        await Server.RawConnections.Values.Single().CloseAsync(code, "restart");
        session.Say(2).End();

        AssertSeqs(2, 4, await RestAsync(reader));
    }
}

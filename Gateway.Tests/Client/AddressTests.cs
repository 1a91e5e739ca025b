using Gateway.Client;
using Gateway.Client.Connection;
using Xunit;

namespace Gateway.Tests.Client;

public sealed class AddressTests : ClientTest
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:8080")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("gateway.example/hub")]
    [InlineData("/hub")]
    [InlineData("ftp://localhost:8080")]
    [InlineData("http:8080")]
    public async Task What_is_no_address_of_a_web_server_is_refused_with_one_that_is(string address)
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => GatewayClient.ConnectAsync(address, cancellationToken: Token));

        Assert.StartsWith($"'{address}' is not the address of a gateway: write it like http://localhost:8080", refusal.Message);
    }

    [Theory]
    [InlineData("http://gateway.test/hub", "http://gateway.test/api/v1/")]
    [InlineData("wss://gateway.test:8443/app/ws?x=1", "https://gateway.test:8443/app/api/v1/")]
    [InlineData("ws://gateway.test/a/b/hub/", "http://gateway.test/a/b/api/v1/")]
    public void The_http_api_is_beside_the_wire(string wire, string api) => Assert.Equal(new Uri(api), HttpDoor.ApiAddress(new Uri(wire)));

    [Theory]
    [InlineData("/app")]
    [InlineData("/app/")]
    public async Task A_path_without_a_hub_is_answered_with_the_path_that_may_be_meant(string path)
    {
        var address = new Uri(Server.Address, path);

        var failure = await RefusedAsync(GatewayClient.ConnectAsync(address, cancellationToken: Token));

        Assert.Equal(ClientErrorCode.ConnectionFailed, failure.Code);
        Assert.EndsWith($"Did you mean {new Uri(Server.Address, "/app/hub")}?", failure.Message);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("ws")]
    public async Task An_address_without_a_path_is_that_of_the_hub(string scheme)
    {
        await using var client = await GatewayClient.ConnectAsync(new UriBuilder(Server.Address) { Scheme = scheme, Path = "" }.Uri, cancellationToken: Token);

        Assert.Equal("/hub", client.Address.AbsolutePath);
    }
}

using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Delivery.OwnStream;

/// <summary>One address has every form of the stream; which one comes is the client's choice.</summary>
public sealed class StreamChoiceTests(OwnStreamSocketDelivery.Host gateway) : IClassFixture<OwnStreamSocketDelivery.Host>
{
    [Theory]
    [InlineData("application/x-ndjson", "application/x-ndjson")]
    [InlineData("application/X-NDJSON; charset=utf-8", "application/x-ndjson")]
    [InlineData("text/event-stream, application/x-ndjson", "text/event-stream")]
    [InlineData("application/x-ndjson, text/event-stream", "application/x-ndjson")]
    [InlineData("text/event-stream;q=0.5, application/x-ndjson", "application/x-ndjson")]
    [InlineData("application/x-ndjson;q=0, text/event-stream;q=0.1", "text/event-stream")]
    [InlineData("application/json, application/x-ndjson;q=0.1", "application/x-ndjson")]
    [InlineData("application/*", "application/json")]
    public async Task The_form_comes_that_the_client_likes_best(string accept, string expected)
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.EndAsync();
        using var client = gateway.CreateReaderClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{GatewayPath.Api}/sessions/{session.Id}/events");
        Assert.True(request.Headers.TryAddWithoutValidation("Accept", accept));

        using var response = await Wait.For(client.SendAsync(request), "the whole answer");

        Assert.Equal(expected, response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"execution:completed\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

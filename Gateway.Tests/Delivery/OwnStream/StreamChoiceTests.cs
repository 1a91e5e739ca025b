using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Doors.Http;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Delivery.OwnStream;

/// <summary>One address has every form of the stream; which one comes is the client's choice.</summary>
public sealed class StreamChoiceTests(OwnStreamSocketDelivery.Host gateway) : IClassFixture<OwnStreamSocketDelivery.Host>
{
    [Fact]
    public void Two_forms_of_one_media_type_are_a_mistake()
    {
        var stream = new LinesStream(new WireRegistry());

        var refusal = Assert.Throws<InvalidOperationException>(() => new EventStreams([stream, stream]));

        Assert.Equal("Two event streams have the media type 'application/vnd.gateway.test-lines': LinesStream and LinesStream. Register one of them, once.", refusal.Message);
    }

    [Theory]
    [InlineData("application/vnd.gateway.test-lines", "application/vnd.gateway.test-lines")]
    [InlineData("APPLICATION/vnd.gateway.TEST-lines; charset=utf-8", "application/vnd.gateway.test-lines")]
    [InlineData("text/event-stream, application/vnd.gateway.test-lines", "text/event-stream")]
    [InlineData("application/vnd.gateway.test-lines, text/event-stream", "application/vnd.gateway.test-lines")]
    [InlineData("text/event-stream;q=0.5, application/vnd.gateway.test-lines", "application/vnd.gateway.test-lines")]
    [InlineData("application/vnd.gateway.test-lines;q=0, text/event-stream;q=0.1", "text/event-stream")]
    [InlineData("application/json, application/vnd.gateway.test-lines;q=0.1", "application/vnd.gateway.test-lines")]
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

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Tests.Infrastructure;

/// <summary>A client of a session's events as the body of an HTTP response, in whichever form.</summary>
internal abstract class ResponseReader(HttpClient client, HttpResponseMessage response) : IWireReader
{
    /// <summary>Asks for the events in a form; without a body the request is refused, and the response has the reason.</summary>
    /// <exception cref="HttpRequestException">The connection is refused.</exception>
    protected static async Task<(HttpClient Client, HttpResponseMessage Response, Stream? Body)> OpenAsync(GatewayFixture gateway, string mediaType, string sessionId, long afterSeq, Version? version)
    {
        var client = gateway.CreateReaderClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{GatewayPath.Api}/sessions/{sessionId}/events")
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        if (afterSeq > 0) request.Headers.Add("Last-Event-ID", afterSeq.ToString(CultureInfo.InvariantCulture));
        var response = await Wait.For(client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), "the event stream");
        if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) response.EnsureSuccessStatusCode();
        return (client, response, response.IsSuccessStatusCode ? await response.Content.ReadAsStreamAsync() : null);
    }

    public async Task<SessionEvent> NextAsync() =>
        EventSerializer.Deserialize(await NextJsonAsync() ?? throw new InvalidOperationException("The stream has ended."))!;

    public async Task EndAsync()
    {
        if (await NextJsonAsync() is { } more) throw new InvalidOperationException($"There was one more: {System.Text.Encoding.UTF8.GetString(more)}");
    }

    public async Task<string> RefusalAsync() =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("code").GetString()!;

    public virtual ValueTask DisposeAsync()
    {
        response.Dispose();
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The next event's JSON; null at the end of the body.</summary>
    protected abstract Task<byte[]?> NextJsonAsync();
}

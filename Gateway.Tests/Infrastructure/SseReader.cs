using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Tests.Infrastructure;

/// <summary>A client of the Server-Sent Events.</summary>
internal sealed class SseReader(HttpResponseMessage response, IAsyncEnumerator<SseItem<byte[]>>? items) : IWireReader
{
    public static async Task<SseReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq, Version? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sessions/{sessionId}/events")
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (afterSeq > 0) request.Headers.Add("Last-Event-ID", afterSeq.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var response = await Wait.For(ClientOf(gateway).SendAsync(request, HttpCompletionOption.ResponseHeadersRead), "the event stream");
        if (!response.IsSuccessStatusCode) return new SseReader(response, null);
        var parser = SseParser.Create(await response.Content.ReadAsStreamAsync(), (_, data) => data.ToArray());
        return new SseReader(response, parser.EnumerateAsync().GetAsyncEnumerator());
    }

    // The factory's own clients trust no certificate that is made for a test.
    private static HttpClient ClientOf(GatewayFixture gateway) => gateway.Address.Scheme != Uri.UriSchemeHttps
        ? gateway.CreateClient()
        : new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => TlsFixture.IsTrusted(certificate) } }) { BaseAddress = gateway.Address };

    public async Task<SessionEvent> NextAsync()
    {
        if (!await Wait.For(items!.MoveNextAsync().AsTask(), "an event of the stream")) throw new InvalidOperationException("The stream has ended.");
        return EventSerializer.Deserialize(items.Current.Data)!;
    }

    public async Task<string> RefusalAsync() =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        if (items is null) return;
        try
        {
            await items.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException or ObjectDisposedException)
        {
            // The response was dropped under the reader, as a client that leaves does.
            _ = exception;
        }
    }
}

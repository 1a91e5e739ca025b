using System.Net.ServerSentEvents;

namespace Gateway.Tests.Infrastructure;

/// <summary>A client of the Server-Sent Events.</summary>
internal sealed class SseReader(HttpClient client, HttpResponseMessage response, IAsyncEnumerator<SseItem<byte[]>>? items) : ResponseReader(client, response)
{
    public static async Task<SseReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq, Version? version = null)
    {
        var (client, response, body) = await OpenAsync(gateway, "text/event-stream", sessionId, afterSeq, version);
        return new SseReader(client, response, body is null ? null : SseParser.Create(body, (_, data) => data.ToArray()).EnumerateAsync().GetAsyncEnumerator());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
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

    protected override async Task<byte[]?> NextJsonAsync() =>
        await Wait.For(items!.MoveNextAsync().AsTask(), "an event of the stream") ? items.Current.Data : null;
}

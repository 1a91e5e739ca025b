using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>Reads a stream of Server-Sent Events a block at a time.</summary>
internal sealed class SseClient(HttpResponseMessage response) : IDisposable
{
    private readonly StreamReader _reader = new(response.Content.ReadAsStream(TestContext.Current.CancellationToken));

    /// <summary>The head of the answer.</summary>
    public HttpResponseMessage Head { get; } = response;

    public static async Task<SseClient> OpenAsync(HttpServer server, string path, string? lastEventId = null)
    {
        var response = lastEventId is null
            ? await server.GetAsync(path, ("Accept", "text/event-stream"))
            : await server.GetAsync(path, ("Accept", "text/event-stream"), ("Last-Event-ID", lastEventId));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var client = new SseClient(response);
        Assert.Equal(["retry: 3000"], await client.ReadAsync());
        return client;
    }

    /// <summary>The lines of the next block; null at the end of the stream.</summary>
    public async Task<IReadOnlyList<string>?> ReadAsync()
    {
        var lines = new List<string>();
        while (await Wait.For(_reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), "a line of the event stream") is { } line)
        {
            if (line.Length == 0) return lines;
            lines.Add(line);
        }

        Assert.Empty(lines);
        return null;
    }

    public void Dispose()
    {
        _reader.Dispose();
        Head.Dispose();
    }
}

using System.Net;

namespace Gateway.Tools.Mcp;

/// <summary>Bounds what an MCP server answers over HTTP, message by message; see <see cref="BoundedMessages"/>.</summary>
internal sealed class BoundedAnswers() : DelegatingHandler(new SocketsHttpHandler())
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        response.Content = new Content(response.Content);
        return response;
    }

    private sealed class Content : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly MessageEnd _end;

        public Content(HttpContent inner)
        {
            _inner = inner;
            _end = inner.Headers.ContentType?.MediaType == "text/event-stream" ? MessageEnd.BlankLine : MessageEnd.Body;
            foreach (var (name, values) in inner.Headers) Headers.TryAddWithoutValidation(name, values);
        }

        protected override async Task<Stream> CreateContentReadStreamAsync() => new BoundedMessages(await _inner.ReadAsStreamAsync(), _end);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => new BoundedMessages(await _inner.ReadAsStreamAsync(cancellationToken), _end);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var messages = await CreateContentReadStreamAsync();
            await messages.CopyToAsync(stream);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? 0;
            return _inner.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

using System.Collections.Concurrent;
using Gateway.Benchmarks.Conformance.Faults;
using Gateway.Benchmarks.Conformance.Messages;

namespace Gateway.Benchmarks.Conformance.Lines;

/// <summary>Requests over HTTP: streams of events, the hub's transports beside WebSockets, and everything else as it is.</summary>
internal sealed class HttpForwarder : IDisposable
{
    private const int PartBytes = 16 * 1024;

    // What is said about one connection, and not about what it carries.
    private static readonly HashSet<string> s_hopByHop = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Proxy-Connection" };

    private readonly HttpMessageInvoker _far = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });

    // Connections of the hub's slower transports are many requests; a dead one is dead in all of them.
    private readonly ConcurrentDictionary<string, bool> _dead = [];

    public void Dispose() => _far.Dispose();

    /// <summary>Asks the gateway in the client's place.</summary>
    public async Task ServeAsync(HttpContext context, Uri gateway, Play play)
    {
        var connection = context.Request.Query["id"].ToString();
        if (connection.Length > 0 && _dead.ContainsKey(connection)) await Task.Delay(Timeout.Infinite, context.RequestAborted);

        using var request = Ask(context.Request, gateway);
        HttpResponseMessage answer;
        try
        {
            answer = await _far.SendAsync(request, context.RequestAborted);
        }
        catch (HttpRequestException)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        using (answer)
        {
            await AnswerAsync(context, answer, connection, play);
        }
    }

    private async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, string connection, Play play)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!s_hopByHop.Contains(name) && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) context.Response.Headers[name] = values.ToArray();
        }

        var leaving = context.RequestAborted;
        await using var body = await answer.Content.ReadAsStreamAsync(leaving);
        if (FormatOf(context.Request, answer) is not { } format)
        {
            if (answer.Content.Headers.ContentLength is not 0 && context.Response.StatusCode is not (204 or 304) && !HttpMethods.IsHead(context.Request.Method)) await body.CopyToAsync(context.Response.Body, leaving);
            return;
        }

        await context.Response.Body.FlushAsync(leaving);
        var line = new BodyLine(context, format is HubFormat, () => _dead[connection.Length > 0 ? connection : context.TraceIdentifier] = true);
        var inOrder = await play.RunAsync(format, line, () => ReadAsync(body, leaving), leaving);
        if (line.IsDead) await Task.Delay(Timeout.Infinite, leaving);
        if (!inOrder) context.Abort();
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var part = new byte[PartBytes];
        return part.AsMemory(0, await body.ReadAsync(part, cancellationToken));
    }

    private static MessageFormat? FormatOf(HttpRequest request, HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode || !HttpMethods.IsGet(request.Method)) return null;
        var isHub = request.Path.Value!.EndsWith("/hub", StringComparison.Ordinal);
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream") return new EventStreamFormat(isHub);
        return isHub && request.Query.ContainsKey("id") && answer.StatusCode == System.Net.HttpStatusCode.OK ? new HubFormat() : null;
    }

    private static HttpRequestMessage Ask(HttpRequest request, Uri gateway)
    {
        var ask = new HttpRequestMessage(new HttpMethod(request.Method), new UriBuilder(gateway) { Path = request.Path, Query = FaultPlan.Without(request.Query).Value }.Uri);
        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0) ask.Content = new StreamContent(request.Body);
        foreach (var (name, values) in request.Headers)
        {
            if (s_hopByHop.Contains(name)) continue;
            if (!ask.Headers.TryAddWithoutValidation(name, values.ToArray())) ask.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return ask;
    }
}

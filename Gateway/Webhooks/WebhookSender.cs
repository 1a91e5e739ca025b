using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Gateway.Webhooks;

/// <summary>Posts messages to one endpoint, signed as Standard Webhooks has it.</summary>
/// <param name="url">Its address.</param>
/// <param name="keys">What they are signed with.</param>
/// <param name="timeout">How long it may take to answer.</param>
/// <param name="http">What they are sent with.</param>
/// <param name="time">The clock.</param>
internal sealed class WebhookSender(Uri url, IReadOnlyList<WebhookKey> keys, TimeSpan timeout, HttpMessageInvoker http, TimeProvider time) : IDisposable
{
    /// <summary>Sends a message once.</summary>
    /// <exception cref="OperationCanceledException">The caller has given up; it may have been taken.</exception>
    public async Task<WebhookAnswer> SendAsync(string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = CreateRequest(id, body);
        try
        {
            // Returns with the head of the answer; of the body nothing is needed.
            using var response = await http.SendAsync(request, end.Token);
            return Read(response);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new WebhookAnswer(string.Create(CultureInfo.InvariantCulture, $"It has not answered within {timeout.TotalSeconds:0.###} s."));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new WebhookAnswer(Describe(exception));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private HttpRequestMessage CreateRequest(string id, ReadOnlyMemory<byte> body)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        var content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = content,
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", string.Join(' ', keys.Select(key => key.Sign(id, timestamp, body.Span))) },
                { "User-Agent", "Gateway-Webhooks" },
            },
        };
    }

    private WebhookAnswer Read(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode) return default;
        var status = (int)response.StatusCode;
        var retryAfter = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return new WebhookAnswer(status is >= 300 and < 400 ? $"It has answered {status}, and redirects are not followed." : $"It has answered {status}.")
        {
            IsGone = response.StatusCode == HttpStatusCode.Gone,
            RetryAfter = retryAfter,
        };
    }

    private static string Describe(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AddressRefusedException refused) return refused.Message;
            if (cause is SocketException socket) return $"It cannot be reached: {socket.SocketErrorCode}.";
        }

        return exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } ? $"It cannot be reached, or has not answered in HTTP: {error}." : "It cannot be reached, or has broken off.";
    }
}

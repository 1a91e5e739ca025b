using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Models.Network;

/// <summary>One question to a provider, which is asked again, twice at most, where the failure may pass.</summary>
/// <remarks>Only before the answer has begun: once it streams, its text has been shown.</remarks>
/// <param name="http">The connections.</param>
/// <param name="api">How the provider is asked.</param>
/// <param name="body">The question.</param>
/// <param name="time">The clock of the waits.</param>
/// <param name="longestWait">How long a provider may ask to be left alone; it is asked again after that.</param>
/// <param name="mostRetries">How many times it is asked again.</param>
internal sealed class ProviderRequest(HttpClient http, IProviderApi api, JsonObject body, TimeProvider time, TimeSpan longestWait, int mostRetries = ProviderRequest.MaxRetries)
{
    /// <summary>How many times a question is sent again.</summary>
    public const int MaxRetries = 2;

    private const int LongestRefusal = 4 * 1024 * 1024;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.8);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private int _tries;
    private TimeSpan _wait;

    /// <summary>Asks once.</summary>
    /// <returns>The answer; null when it is to be asked again, after <see cref="WaitAsync"/>.</returns>
    /// <exception cref="ProviderStatusException">The provider refuses.</exception>
    /// <exception cref="HttpRequestException">There is no connection.</exception>
    public async Task<HttpResponseMessage?> TryAsync(CancellationToken cancellationToken)
    {
        _tries++;
        HttpResponseMessage response;
        try
        {
            response = await SendAsync(cancellationToken);
        }
        catch (Exception failure) when (_tries <= mostRetries && !cancellationToken.IsCancellationRequested && MayPass(failure))
        {
            _wait = Backoff();
            return null;
        }

        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var status = (int)response.StatusCode;
            if (_tries <= mostRetries && ModelFault.StatusMayPass(status))
            {
                _wait = Asked(response.Headers) ?? Backoff();
                return null;
            }

            var refusal = await ReadAsync(response.Content, cancellationToken);

            // Each member is taken out once, so there is an end to that.
            if (status is 400 or 422 && api.TryWithout(body, refusal))
            {
                _tries--;
                _wait = TimeSpan.Zero;
                return null;
            }

            throw new ProviderStatusException(status, ProviderSentence.In(refusal), Asked(response.Headers));
        }
    }

    /// <summary>Waits until it is time to ask again.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(_wait < longestWait ? _wait : longestWait, time, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, api.Address);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, Plain));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Gateway", null));
        api.Sign(request.Headers);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static bool MayPass(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: not HttpRequestError.SecureConnectionError } or OperationCanceledException;

    // Doubled with each try, and not the same for all who were refused at once.
    private TimeSpan Backoff() => FirstWait * (1 << (_tries - 1)) * (0.75 + (Random.Shared.NextDouble() / 2));

    private TimeSpan? Asked(HttpResponseHeaders headers)
    {
        if (headers.TryGetValues("retry-after-ms", out var values) && double.TryParse(values.First(), out var milliseconds) && milliseconds is > 0 and < 1e9) return TimeSpan.FromMilliseconds(milliseconds);
        var wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - time.GetUtcNow());
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        try
        {
            var buffer = new byte[16 * 1024];
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            for (int count; read.Length < LongestRefusal && (count = await stream.ReadAsync(buffer, cancellationToken)) > 0;) read.Write(buffer, 0, count);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            // The status says enough, and what came of the words may say more.
        }

        return read.ToArray();
    }
}

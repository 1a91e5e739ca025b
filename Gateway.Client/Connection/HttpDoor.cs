using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace Gateway.Client.Connection;

/// <summary>The gateway's HTTP API beside the connection, with the same token, headers, cookies, proxy and certificates.</summary>
/// <remarks>Nothing is made before the first request.</remarks>
internal sealed class HttpDoor(Uri address, GatewayClientOptions options) : IDisposable
{
    private readonly Uri _api = ApiAddress(address);
    private readonly Lock _gate = new();
    private HttpClient? _http;
    private HttpConnectionOptions _settings = new();
    private bool _disposed;

    /// <summary>Asks for a record.</summary>
    /// <param name="path">The address below that of the API, with its query.</param>
    /// <param name="type">The record.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="GatewayClientException">The gateway refused, or cannot be reached.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var http = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_api, path));
        foreach (var (name, value) in _settings.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (_settings.AccessTokenProvider is { } provider && await provider().ConfigureAwait(false) is { Length: > 0 } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw await RefusalAsync(response, body, cancellationToken).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false) ?? throw new JsonException("The answer is null.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(GatewayClient));
            throw new GatewayClientException(ClientErrorCode.ConnectionFailed, $"Cannot read {request.RequestUri}: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _http?.Dispose();
        }
    }

    /// <summary>The address of the API: what the wire's address has before its last part.</summary>
    internal static Uri ApiAddress(Uri address)
    {
        var path = address.AbsolutePath;
        return new UriBuilder(address)
        {
            Scheme = address.Scheme is "https" or "wss" ? Uri.UriSchemeHttps : Uri.UriSchemeHttp,
            Path = $"{path[..path.TrimEnd('/').LastIndexOf('/')]}{GatewayPath.Api}/",
            Query = string.Empty,
            Fragment = string.Empty,
        }.Uri;
    }

    // A problem of the gateway has its code; what stands before it may refuse with anything.
    private static async Task<GatewayClientException> RefusalAsync(HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
    {
        var sentence = $"{response.RequestMessage!.RequestUri} answers {(int)response.StatusCode} {response.ReasonPhrase}.";
        try
        {
            using var problem = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (problem.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("code", out var code) && code.GetString() is { } known)
            {
                return new GatewayClientException(known, root.TryGetProperty("detail", out var detail) ? detail.GetString() ?? sentence : sentence);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // It is not the gateway that answers.
        }

        return new GatewayClientException(ClientErrorCode.ConnectionFailed, sentence);
    }

    private HttpClient Client()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(GatewayClient));
            if (_http is not null) return _http;
            options.ConfigureConnection?.Invoke(_settings);
            return _http = new HttpClient(Handler(_settings));
        }
    }

    private static HttpMessageHandler Handler(HttpConnectionOptions settings)
    {
        var handler = new HttpClientHandler();
        if (settings.Cookies.Count > 0) handler.CookieContainer = settings.Cookies;
        if (settings.Credentials is { } credentials) handler.Credentials = credentials;
        if (settings.UseDefaultCredentials is { } useDefault) handler.UseDefaultCredentials = useDefault;
        if (settings.Proxy is { } proxy) handler.Proxy = proxy;
        if (settings.ClientCertificates is { Count: > 0 } certificates) handler.ClientCertificates.AddRange(certificates);
        return settings.HttpMessageHandlerFactory?.Invoke(handler) ?? handler;
    }
}

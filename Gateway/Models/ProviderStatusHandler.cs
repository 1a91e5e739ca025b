namespace Gateway.Models;

/// <summary>Keeps what a provider says with an error status, where its client library would drop it.</summary>
internal sealed class ProviderStatusHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
        {
            // An error says what it says in its first few kilobytes; more is a page for a browser.
            await response.Content.LoadIntoBufferAsync(64 * 1024, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            throw new ProviderStatusException((int)response.StatusCode, ProviderErrors.SentenceIn(body));
        }
    }
}

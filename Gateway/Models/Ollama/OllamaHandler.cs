namespace Gateway.Models.Ollama;

/// <summary>Keeps what an Ollama server says about errors, where the client library drops it.</summary>
internal sealed class OllamaHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            var answer = await response.Content.ReadAsStreamAsync(cancellationToken);
            response.Content = new StreamContent(new OllamaAnswerStream(answer, OllamaStreamChatClient.Asked));
            return response;
        }

        using (response)
        {
            // An error says what it says in its first few kilobytes; more is a page for a browser.
            await response.Content.LoadIntoBufferAsync(64 * 1024, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            throw new ProviderStatusException((int)response.StatusCode, ProviderSentence.In(body));
        }
    }
}

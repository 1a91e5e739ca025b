namespace Gateway.Models.OpenAI;

/// <summary>Notices what the client library overlooks: an error within an answer, and an answer that just stops.</summary>
/// <remarks>Error answers are left to the library, which retries some of them.</remarks>
internal sealed class OpenAIHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode) return response;

        var type = response.Content.Headers.ContentType;
        var answer = await response.Content.ReadAsStreamAsync(cancellationToken);
        response.Content = new StreamContent(new OpenAIAnswerStream(answer));
        response.Content.Headers.ContentType = type;
        return response;
    }
}

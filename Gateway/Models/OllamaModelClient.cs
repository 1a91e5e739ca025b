using System.Net.Http.Headers;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace Gateway.Models;

/// <summary>Makes the client of a model on an Ollama server.</summary>
internal static class OllamaModelClient
{
    private static readonly Uri LocalServer = new("http://localhost:11434");

    public static IChatClient Create(string name, ModelOptions options)
    {
        var http = ModelHttp.CreateClient(new OllamaHandler());
        // Relative addresses replace the last segment unless the base ends in a slash.
        var endpoint = ModelHttp.Address(options.Endpoint) ?? LocalServer;
        http.BaseAddress = endpoint.AbsolutePath.EndsWith('/') ? endpoint : new Uri(endpoint + "/");
        if (!string.IsNullOrWhiteSpace(options.ApiKey))
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);

        return new ProviderChatClient(
            new OllamaStreamChatClient(new OllamaApiClient(http, options.Model!.Trim())),
            new ProviderErrors(name, options, endpoint),
            http);
    }
}

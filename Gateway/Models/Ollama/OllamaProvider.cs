using System.Net.Http.Headers;
using Gateway.Models.Network;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace Gateway.Models.Ollama;

/// <summary>Models on Ollama servers.</summary>
internal sealed class OllamaProvider : IModelProvider
{
    private static readonly Uri LocalServer = new("http://localhost:11434");

    public string Name => "ollama";

    public bool IsLocal => false;

    public bool HasOwnModel => false;

    public IEnumerable<string> FindProblems(string setting, ModelOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Model)) yield return NetworkSettings.NoModel(setting);
    }

    public IChatClient CreateClient(string name, ModelOptions options)
    {
        var http = ModelHttp.CreateClient(new OllamaHandler());

        // Relative addresses replace the last segment unless the base ends in a slash.
        var endpoint = NetworkSettings.Address(options) ?? LocalServer;
        http.BaseAddress = endpoint.AbsolutePath.EndsWith('/') ? endpoint : new Uri(endpoint + "/");
        if (!string.IsNullOrWhiteSpace(options.ApiKey)) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);

        var library = new OllamaStreamChatClient(new OllamaApiClient(http, options.Model!.Trim()));
        return new ProviderChatClient(library, new ProviderErrors(name, options.ApiKey, endpoint), http);
    }
}

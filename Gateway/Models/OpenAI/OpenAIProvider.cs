using System.ClientModel;
using System.ClientModel.Primitives;
using Gateway.Models.Network;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Gateway.Models.OpenAI;

/// <summary>OpenAI, or any server that speaks its chat completions.</summary>
internal sealed class OpenAIProvider(TimeProvider timeProvider) : IModelProvider
{
    // A local server asks for no key, but the library does.
    private const string NoKey = "none";

    private static readonly Uri OwnAddress = new("https://api.openai.com/v1");

    public string Name => "openai";

    public bool IsLocal => false;

    public bool HasOwnModel => false;

    public IEnumerable<string> FindProblems(string setting, ModelOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Model)) yield return NetworkSettings.NoModel(setting);
        if (string.IsNullOrWhiteSpace(options.ApiKey) && string.IsNullOrWhiteSpace(options.Endpoint))
        {
            yield return $"{setting}:ApiKey is missing; set it, or set {setting}:Endpoint to a server that needs no key.";
        }
    }

    public IChatClient CreateClient(string name, ModelOptions options)
    {
        var endpoint = NetworkSettings.Address(options) ?? OwnAddress;
        var http = ModelHttp.CreateClient(new OpenAIHandler());
        var clientOptions = new OpenAIClientOptions
        {
            Endpoint = endpoint,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ModelRetryPolicy(timeProvider),

            // The engine watches for silence; a long answer must not be cut by a second clock.
            NetworkTimeout = Timeout.InfiniteTimeSpan,

            // Requests and responses hold what users wrote; the engine logs what matters.
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
        };

        var key = string.IsNullOrWhiteSpace(options.ApiKey) ? NoKey : options.ApiKey;
        var chat = new OpenAIClient(new ApiKeyCredential(key), clientOptions).GetChatClient(options.Model!.Trim());

        // The library asks for usage (stream_options.include_usage) by itself when it streams.
        return new ProviderChatClient(new OpenAIStreamChatClient(chat.AsIChatClient()), new ProviderErrors(name, options.ApiKey, endpoint), http);
    }
}

using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Gateway.Models;

/// <summary>Makes the client of a model that speaks OpenAI's chat completions.</summary>
internal static class OpenAIModelClient
{
    // A local server asks for no key, but the library does.
    private const string NoKey = "none";

    private static readonly Uri OwnAddress = new("https://api.openai.com/v1");

    public static IChatClient Create(string name, ModelOptions options, TimeProvider timeProvider)
    {
        var endpoint = ModelHttp.Address(options.Endpoint) ?? OwnAddress;
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
        return new ProviderChatClient(
            new OpenAIStreamChatClient(chat.AsIChatClient()),
            new ProviderErrors(name, options, endpoint),
            http);
    }
}

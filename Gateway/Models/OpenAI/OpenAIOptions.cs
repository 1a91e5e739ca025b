using Gateway.Models.Network;
using Gateway.Settings;

namespace Gateway.Models.OpenAI;

/// <summary>The settings of a model that speaks OpenAI's chat completions, from <c>Gateway:Models:&lt;name&gt;</c>.</summary>
internal sealed class OpenAIOptions
{
    /// <summary>Under which name the limit of an answer is sent.</summary>
    public const string MaxTokens = "max_tokens";

    /// <summary>The newer name, which OpenAI's reasoning models insist on and many other servers do not know.</summary>
    public const string MaxCompletionTokens = "max_completion_tokens";

    /// <summary>One of these names; absent: the newer one for OpenAI and Azure, the older one for everybody else.</summary>
    [OneOf(MaxTokens, MaxCompletionTokens)]
    public string? MaxTokensField { get; set; }

    /// <summary>Whether the server is asked to report the tokens it counts; without it they are estimated.</summary>
    public bool StreamOptions { get; set; } = true;

    /// <summary>How an answer that must be JSON is asked for: <c>schema</c>, <c>json</c> or <c>off</c>.</summary>
    [OneOf(ResponseFormats.Schema, ResponseFormats.Json, ResponseFormats.Off)]
    public string ResponseFormat { get; set; } = ResponseFormats.Schema;

    /// <summary>Whether <c>&lt;think&gt;</c> sections of the text are reasoning: <c>auto</c>, <c>off</c> or <c>opened</c>.</summary>
    [OneOf(Network.ThinkTags.Auto, Network.ThinkTags.Off, Network.ThinkTags.Opened)]
    public string ThinkTags { get; set; } = Network.ThinkTags.Auto;
}

using Gateway.Models.Network;
using Gateway.Settings;

namespace Gateway.Models.Ollama;

/// <summary>The settings of a model on an Ollama server, from <c>Gateway:Models:&lt;name&gt;</c>.</summary>
internal sealed class OllamaOptions
{
    /// <summary>How an answer that must be JSON is asked for: <c>schema</c>, <c>json</c> or <c>off</c>.</summary>
    [OneOf(ResponseFormats.Schema, ResponseFormats.Json, ResponseFormats.Off)]
    public string ResponseFormat { get; set; } = ResponseFormats.Schema;

    /// <summary>Whether <c>&lt;think&gt;</c> sections of the text are reasoning: <c>auto</c>, <c>off</c> or <c>opened</c>.</summary>
    [OneOf(Network.ThinkTags.Auto, Network.ThinkTags.Off, Network.ThinkTags.Opened)]
    public string ThinkTags { get; set; } = Network.ThinkTags.Auto;
}

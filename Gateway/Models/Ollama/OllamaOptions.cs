using Gateway.Settings;

namespace Gateway.Models.Ollama;

/// <summary>The settings of a model on an Ollama server, from <c>Gateway:Models:&lt;name&gt;</c>.</summary>
internal sealed class OllamaOptions
{
    /// <summary>Whether <c>&lt;think&gt;</c> sections of the text are reasoning: <c>auto</c>, <c>off</c> or <c>opened</c>.</summary>
    [OneOf(Network.ThinkTags.Auto, Network.ThinkTags.Off, Network.ThinkTags.Opened)]
    public string ThinkTags { get; set; } = Network.ThinkTags.Auto;
}

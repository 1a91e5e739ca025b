namespace Gateway.Models;

/// <summary>The kinds of providers a model can have.</summary>
public static class ModelProvider
{
    /// <summary>Built in; needs no key and no network.</summary>
    public const string Scripted = "scripted";

    /// <summary>OpenAI, or any server that speaks its chat completions.</summary>
    public const string OpenAI = "openai";

    /// <summary>An Ollama server.</summary>
    public const string Ollama = "ollama";

    /// <summary>Finds a model's provider; null when it is missing or none of these.</summary>
    /// <remarks>A model that is named like a provider need not say it again.</remarks>
    internal static string? Of(string name, ModelOptions options) =>
        (string.IsNullOrWhiteSpace(options.Provider) ? name : options.Provider).Trim().ToLowerInvariant() switch
        {
            Scripted => Scripted,
            OpenAI => OpenAI,
            Ollama => Ollama,
            _ => null,
        };
}

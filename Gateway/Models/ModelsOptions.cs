namespace Gateway.Models;

/// <summary>The models that agents may use, from the section <c>Gateway</c>.</summary>
/// <remarks>A model named <c>scripted</c> is always there, also when nothing is configured.</remarks>
public sealed class ModelsOptions
{
    /// <summary>The section of the configuration that these options come from.</summary>
    public const string Section = "Gateway";

    /// <summary>The name an agent writes to ask for the default model; no model may be configured under it.</summary>
    public const string DefaultName = "default";

    /// <summary>The model for agents that name none; absent: see <see cref="DefaultModelName"/>.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>The configured models by name, without regard to case.</summary>
    public Dictionary<string, ModelOptions> Models { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every model there is: the configured ones and <c>scripted</c>.</summary>
    internal IReadOnlyDictionary<string, ModelOptions> All()
    {
        var all = new Dictionary<string, ModelOptions>(Models, StringComparer.OrdinalIgnoreCase);
        all.TryAdd(ModelProvider.Scripted, new ModelOptions());
        return all;
    }

    /// <summary>The default: what was asked for, else the only real model, else <c>scripted</c>.</summary>
    /// <returns>Null when several real models are configured and none was chosen.</returns>
    internal string? DefaultModelName()
    {
        if (!string.IsNullOrWhiteSpace(DefaultModel))
            return DefaultModel.Trim();

        return RealModels().Take(2).ToArray() switch
        {
            [] => ModelProvider.Scripted,
            [var only] => only,
            _ => null,
        };
    }

    /// <summary>The configured models that someone else's server speaks for.</summary>
    internal IEnumerable<string> RealModels() =>
        from model in Models
        where ModelProvider.Of(model.Key, model.Value) is ModelProvider.OpenAI or ModelProvider.Ollama
        orderby model.Key
        select model.Key;
}

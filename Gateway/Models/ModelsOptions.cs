namespace Gateway.Models;

/// <summary>The models that agents may use, from the section <c>Gateway</c>.</summary>
/// <remarks>A model named <c>scripted</c> is always there, also when nothing is configured.</remarks>
public sealed class ModelsOptions
{
    /// <summary>The section of the configuration that these options come from.</summary>
    public const string Section = "Gateway";

    /// <summary>The name an agent writes to ask for the default model; no model may be configured under it.</summary>
    public const string DefaultName = "default";

    /// <summary>The model for agents that name none; absent: the only one that is not <c>scripted</c>, else <c>scripted</c>.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>The configured models by name, without regard to case.</summary>
    public Dictionary<string, ModelOptions> Models { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Files with the prices of models, one or several with <c>;</c> between them; read again when they change. The settings of a model win over them, and a later file over an earlier one.</summary>
    public string? PricesPath { get; set; }

    /// <summary>The section of one model.</summary>
    internal static string SectionOf(string name) => $"{Section}:{nameof(Models)}:{name}";
}

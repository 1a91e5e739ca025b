using Gateway.Settings;

namespace Gateway.Models.Network;

/// <summary>What the settings of models on servers have in common.</summary>
internal static class NetworkSettings
{
    private const string ExtraBodyName = "ExtraBody";

    /// <summary>The section of the members for all models, with <c>*</c> for a model's name.</summary>
    public static string AnyExtra => $"{ModelsOptions.SectionOf(KnownSettings.Any)}:{ExtraBodyName}";

    /// <summary>The sentence for a model whose name at the provider is missing.</summary>
    public static string NoModel(string setting) => $"{setting}:Model is missing; set it to the name the provider knows the model by.";

    /// <summary>The configured address; null when the provider's own is meant.</summary>
    public static Uri? Address(ModelOptions options) => string.IsNullOrWhiteSpace(options.Endpoint) ? null : new Uri(options.Endpoint.Trim());

    /// <summary>The members that are sent with every question to a model.</summary>
    public static IConfigurationSection Extra(IConfiguration configuration, string setting) => configuration.GetSection(setting).GetSection(ExtraBodyName);
}

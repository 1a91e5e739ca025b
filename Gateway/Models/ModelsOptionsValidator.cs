using Microsoft.Extensions.Options;

namespace Gateway.Models;

/// <summary>Finds everything wrong with the configured models, one sentence a problem.</summary>
/// <remarks>A sentence names the setting and shows at most names; never a key, nor an address, which may carry one.</remarks>
internal sealed class ModelsOptionsValidator : IValidateOptions<ModelsOptions>
{
    private static readonly ModelOptionsValidator Ranges = new();

    public ValidateOptionsResult Validate(string? name, ModelsOptions options)
    {
        List<string> problems =
        [
            .. options.Models.OrderBy(m => m.Key, StringComparer.Ordinal).SelectMany(m => OfModel(m.Key, m.Value)),
            .. OfDefault(options),
        ];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> OfModel(string name, ModelOptions model)
    {
        var setting = Setting(name);

        if (name.Equals(ModelsOptions.DefaultName, StringComparison.OrdinalIgnoreCase))
            yield return $"{setting}: \"default\" always means the default model, so no model can have this name; give it another one and set Gateway:DefaultModel to that.";

        var provider = ModelProvider.Of(name, model);
        if (provider is null)
        {
            yield return string.IsNullOrWhiteSpace(model.Provider)
                ? $"{setting}:Provider is missing; set it to scripted, openai or ollama."
                : $"{setting}:Provider is \"{model.Provider}\", which is none of scripted, openai and ollama.";
        }

        if (provider is ModelProvider.OpenAI or ModelProvider.Ollama && string.IsNullOrWhiteSpace(model.Model))
            yield return $"{setting}:Model is missing; set it to the name the provider knows the model by.";

        if (provider is ModelProvider.OpenAI && string.IsNullOrWhiteSpace(model.ApiKey) && string.IsNullOrWhiteSpace(model.Endpoint))
            yield return $"{setting}:ApiKey is missing; set it, or set {setting}:Endpoint to a server that needs no key.";

        if (EndpointProblem(model.Endpoint) is { } wrong)
            yield return $"{setting}:Endpoint {wrong}";

        if (model.ApiKey is { } key && key.Any(c => c is < '!' or > '~'))
            yield return $"{setting}:ApiKey has a space, a line break or another character that cannot be sent; copy it again.";

        foreach (var problem in Ranges.Validate(setting, model).Failures ?? [])
            yield return problem;
    }

    private static IEnumerable<string> OfDefault(ModelsOptions options)
    {
        var name = options.DefaultModelName();
        if (name is null)
        {
            yield return $"Gateway:DefaultModel is missing although several models are configured; set it to one of {Names(options.RealModels())}.";
        }
        else if (!options.All().ContainsKey(name))
        {
            yield return $"Gateway:DefaultModel is \"{name}\", which is not configured; use one of {Names(options.All().Keys)}, or add {Setting(name)}.";
        }
    }

    private static string? EndpointProblem(string? endpoint)
    {
        if (string.IsNullOrWhiteSpace(endpoint))
            return null;
        if (!Uri.TryCreate(endpoint.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return "is not an http or https address, such as http://localhost:8000/v1.";
        return uri.UserInfo.Length > 0 ? "carries a user name or a password; leave them out and use ApiKey." : null;
    }

    internal static string Setting(string name) => $"Gateway:Models:{name}";

    internal static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.OrdinalIgnoreCase));
}

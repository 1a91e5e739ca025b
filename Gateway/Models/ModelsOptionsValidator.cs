using Microsoft.Extensions.Options;

namespace Gateway.Models;

/// <summary>Finds everything wrong with the configured models, one sentence a problem.</summary>
/// <remarks>A sentence names the setting and shows at most names; never a key, nor an address, which may carry one.</remarks>
internal sealed class ModelsOptionsValidator(ModelProviders providers) : IValidateOptions<ModelsOptions>
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

    private IEnumerable<string> OfModel(string name, ModelOptions model)
    {
        var setting = ModelsOptions.SectionOf(name);
        var provider = providers.Of(name, model);
        return
        [
            .. OfName(setting, name),
            .. provider is null ? OfProvider(setting, model.Provider) : provider.FindProblems(setting, model),
            .. OfEndpoint(setting, model.Endpoint),
            .. OfKey(setting, model.ApiKey),
            .. Ranges.Validate(setting, model).Failures ?? [],
        ];
    }

    private static IEnumerable<string> OfName(string setting, string name)
    {
        if (name.Equals(ModelsOptions.DefaultName, StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{setting}: \"default\" always means the default model, so no model can have this name; give it another one and set Gateway:DefaultModel to that.";
        }
    }

    private IEnumerable<string> OfProvider(string setting, string? provider)
    {
        yield return string.IsNullOrWhiteSpace(provider)
            ? $"{setting}:Provider is missing; set it to {Listed("or")}."
            : $"{setting}:Provider is \"{provider}\", which is none of {Listed("and")}.";
    }

    private static IEnumerable<string> OfEndpoint(string setting, string? endpoint)
    {
        if (string.IsNullOrWhiteSpace(endpoint)) yield break;
        if (!Uri.TryCreate(endpoint.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            yield return $"{setting}:Endpoint is not an http or https address, such as http://localhost:8000/v1.";
        }
        else if (uri.UserInfo.Length > 0)
        {
            yield return $"{setting}:Endpoint carries a user name or a password; leave them out and use ApiKey.";
        }
    }

    private static IEnumerable<string> OfKey(string setting, string? key)
    {
        if (key is not null && key.Any(c => c is < '!' or > '~'))
        {
            yield return $"{setting}:ApiKey has a space, a line break or another character that cannot be sent; copy it again.";
        }
    }

    private IEnumerable<string> OfDefault(ModelsOptions options)
    {
        if (providers.DefaultOf(options) is not { } name)
        {
            yield return $"Gateway:DefaultModel is missing although several models are configured; set it to one of {Names(providers.Remote(options))}.";
        }
        else if (providers.All(options) is var all && !all.ContainsKey(name))
        {
            yield return $"Gateway:DefaultModel is \"{name}\", which is not configured; use one of {Names(all.Keys)}, or add {ModelsOptions.SectionOf(name)}.";
        }
    }

    internal static string Names(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.OrdinalIgnoreCase));

    // "scripted, openai or ollama".
    private string Listed(string word) => providers.Names switch
    {
        [] => "the name of a provider, but none is registered",
        [var only] => only,
        [.. var first, var last] => $"{string.Join(", ", first)} {word} {last}",
    };
}

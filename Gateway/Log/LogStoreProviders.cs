using Microsoft.Extensions.Options;

namespace Gateway.Log;

/// <summary>The table of stores; checks that the configured one is in it.</summary>
internal sealed class LogStoreProviders(IEnumerable<LogStoreProvider> providers) : IValidateOptions<StorageOptions>
{
    private readonly Dictionary<string, LogStoreProvider> _byName = providers.ToDictionary(provider => provider.Name, StringComparer.Ordinal);

    /// <summary>Opens the store with this name.</summary>
    public ILogStore Open(string name, IServiceProvider services) => _byName[name].Open(services);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, StorageOptions options) => _byName.ContainsKey(options.Provider)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{StorageOptions.Section}:{nameof(StorageOptions.Provider)}: must be {Known()}, not '{options.Provider}'.");

    private string Known() => _byName.Count == 0
        ? "the name of a store, of which none is registered"
        : string.Join(" or ", _byName.Keys.Order(StringComparer.Ordinal).Select(name => $"'{name}'"));
}

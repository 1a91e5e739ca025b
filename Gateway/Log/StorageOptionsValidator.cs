using Microsoft.Extensions.Options;

namespace Gateway.Log;

/// <summary>Finds what is wrong with the storage settings, before the first session starts.</summary>
internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var problems = new List<string>();
        if (options.Provider is not (StorageOptions.Sqlite or StorageOptions.Memory))
            problems.Add($"{StorageOptions.Section}:Provider is '{options.Provider}'; it is 'sqlite' or 'memory'.");
        if (string.IsNullOrWhiteSpace(options.Path))
            problems.Add($"{StorageOptions.Section}:Path is empty; name the SQLite file, such as 'data/gateway.db'.");
        if (options.Durability is not (StorageOptions.Process or StorageOptions.Power))
            problems.Add($"{StorageOptions.Section}:Durability is '{options.Durability}'; it is 'process' or 'power'.");
        if (options.LockTimeout < TimeSpan.Zero || options.LockTimeout > TimeSpan.FromHours(1))
            problems.Add($"{StorageOptions.Section}:LockTimeout is {options.LockTimeout}; it is between zero and one hour.");
        if (options.RetryInterval < TimeSpan.FromMilliseconds(10) || options.RetryInterval > TimeSpan.FromHours(1))
            problems.Add($"{StorageOptions.Section}:RetryInterval is {options.RetryInterval}; it is between ten milliseconds and one hour.");
        if (options.Retention.MaxAge <= TimeSpan.Zero)
            problems.Add($"{StorageOptions.Section}:Retention:MaxAge is {options.Retention.MaxAge}; it is a time above zero, such as '30.00:00:00', or left out.");
        if (options.Retention.MaxSessions < 0)
            problems.Add($"{StorageOptions.Section}:Retention:MaxSessions is {options.Retention.MaxSessions}; it is 0 or more, or left out.");
        if (options.Retention.Interval < TimeSpan.FromSeconds(1) || options.Retention.Interval > TimeSpan.FromDays(1))
            problems.Add($"{StorageOptions.Section}:Retention:Interval is {options.Retention.Interval}; it is between one second and one day.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}

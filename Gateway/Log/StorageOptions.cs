using Gateway.Settings;

namespace Gateway.Log;

/// <summary>The settings under <c>Gateway:Storage</c> that hold for every store.</summary>
/// <remarks>What only one store needs is with that store; how long sessions are kept is in <see cref="RetentionOptions"/>.</remarks>
public sealed class StorageOptions
{
    /// <summary>Where these settings stand in the configuration.</summary>
    public const string Section = "Gateway:Storage";

    /// <summary>The name of the store, as it was registered.</summary>
    public string Provider { get; set; } = "sqlite";

    /// <summary>How often a store that failed is tried again, by one small write, while sessions are held for it.</summary>
    [TimeRange("00:00:00.01", "01:00:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether neighbouring token chunks of finished sessions are merged; off by default.</summary>
    public bool Compact { get; set; }
}

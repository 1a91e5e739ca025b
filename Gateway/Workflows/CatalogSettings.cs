using Gateway.Settings;

namespace Gateway.Workflows;

/// <summary>The settings of the catalog.</summary>
internal sealed class CatalogSettings
{
    /// <summary>Where they stand.</summary>
    public const string Section = "Gateway";

    /// <summary>A folder of workflow files, read in addition to the shipped ones; read before there are options.</summary>
    public string? WorkflowsPath { get; set; }

    /// <summary>How often the folders are looked at for changes, a day at most; 0: never.</summary>
    [TimeRange("00:00:00", "1.00:00:00")]
    public TimeSpan WorkflowsInterval { get; set; } = TimeSpan.FromSeconds(1);
}

namespace Gateway.Workflows;

/// <summary>The settings of the catalog, which are read before there are options.</summary>
internal sealed class CatalogSettings
{
    /// <summary>Where they stand.</summary>
    public const string Section = "Gateway";

    /// <summary>A folder of workflow files, read in addition to the shipped ones.</summary>
    public string? WorkflowsPath { get; set; }
}

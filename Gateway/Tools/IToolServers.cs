namespace Gateway.Tools;

/// <summary>The servers with tools that are configured.</summary>
internal interface IToolServers
{
    /// <summary>They, in the order of their names.</summary>
    IReadOnlyList<IToolServer> All { get; }
}

using Gateway.Settings;

namespace Gateway.Tools.Mcp;

/// <summary>Registers the MCP servers.</summary>
internal static class McpServices
{
    /// <summary>The section of the configuration with a section for each server.</summary>
    public const string Section = "Gateway:Mcp";

    /// <summary>Adds the servers of <c>Gateway:Mcp</c>. None of them starts before an agent or a node needs it, and without any nothing of MCP is loaded.</summary>
    public static IServiceCollection AddMcpServers(this IServiceCollection services) => services
        .AddKnownSettings<McpServerOptions>($"{Section}:{KnownSettings.Any}")
        .AddSingleton<IToolServers, McpServers>();
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Refusals;
using Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Gateway.Tools.Mcp;

/// <summary>The configured servers.</summary>
internal sealed class McpServers : IToolServers, IAsyncDisposable
{
    private static readonly McpServerOptionsValidator Ranges = new();

    private readonly IReadOnlyList<IToolServer> _servers;

    /// <summary>Reads them; none starts.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong; each mistake is named.</exception>
    public McpServers(IConfiguration configuration, IOptions<ToolsOptions> tools, TimeProvider time, ILoggerFactory loggers)
    {
        List<string> problems = [];
        List<IToolServer> servers = [];
        foreach (var section in configuration.GetSection(McpServices.Section).GetChildren().OrderBy(child => child.Key, StringComparer.Ordinal))
        {
            var options = SettingsBinding.Read<McpServerOptions>(configuration, section.Path);
            problems.AddRange(Problems(section.Path, section.Key, options));
            if (problems.Count == 0) servers.Add(Create(section.Key, options, options.Timeout ?? tools.Value.Timeout, time, loggers));
        }

        if (problems.Count > 0) throw new OptionsValidationException(McpServices.Section, typeof(McpServerOptions), problems);
        _servers = servers;
    }

    /// <inheritdoc/>
    public IReadOnlyList<IToolServer> All => _servers;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_servers.OfType<IAsyncDisposable>().Select(server => server.DisposeAsync().AsTask()));
    }

    // On its own, so that MCP's assembly is loaded for the first server and not before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SuppressMessage("Performance", "CA1859:Use concrete types when possible", Justification = "Whoever calls this must not need the concrete type.")]
    private static IToolServer Create(string name, McpServerOptions options, TimeSpan longestCall, TimeProvider time, ILoggerFactory loggers) => new McpServer(name, options, longestCall, time, loggers.CreateLogger<McpServer>());

    private static IEnumerable<string> Problems(string setting, string name, McpServerOptions options)
    {
        if (!IdForm.Matches(name) || name.Contains(ToolName.Separator, StringComparison.Ordinal)) yield return $"{setting}: '{name}' is no name for a server: {IdForm.Words}, and no '{ToolName.Separator}'.";
        var hasCommand = !string.IsNullOrWhiteSpace(options.Command);
        var hasUrl = !string.IsNullOrWhiteSpace(options.Url);
        if (hasCommand == hasUrl) yield return $"{setting}: {(hasCommand ? "has a Command and a Url; one server has one of them" : "has neither a Command, the program to start, nor a Url, the address of a server that runs")}.";
        if (hasUrl && !(Uri.TryCreate(options.Url!.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https")) yield return $"{setting}:Url is not an http or https address, such as http://localhost:3000/mcp.";
        if (hasUrl && (options.Arguments.Length > 0 || options.Environment.Count > 0 || options.WorkingDirectory is not null)) yield return $"{setting}: Arguments, Environment and WorkingDirectory belong to a Command.";
        if (hasCommand && options.Headers.Count > 0) yield return $"{setting}:Headers belong to a Url.";
        foreach (var failure in Ranges.Validate(setting, options).Failures ?? []) yield return failure;
    }
}

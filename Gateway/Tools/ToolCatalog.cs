using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Gateway.Tools;

/// <summary>The tools by name. A server is asked when an agent first needs one of its tools.</summary>
internal sealed partial class ToolCatalog : IToolCatalog
{
    private readonly FrozenDictionary<string, Function> _functions;
    private readonly FrozenDictionary<string, IToolServer> _servers;
    private readonly ToolsOptions _options;
    private readonly IServiceProvider _services;
    private readonly ILogger<ToolCatalog> _logger;

    /// <summary>The tools of these registrations and of the configured servers.</summary>
    /// <exception cref="OptionsValidationException">Two have one name, a name is no id, or a setting is about a tool that there is not.</exception>
    public ToolCatalog(IEnumerable<ToolRegistration> registrations, IToolServers servers, IOptions<ToolsOptions> options, IServiceProvider services, ILogger<ToolCatalog> logger)
    {
        _options = options.Value;
        _services = services;
        _logger = logger;
        _servers = servers.All.ToFrozenDictionary(server => server.Name, StringComparer.Ordinal);
        var functions = new Dictionary<string, Function>(StringComparer.Ordinal);
        foreach (var registration in registrations.OrderByDescending(registration => registration.IsBuiltIn))
        {
            var function = registration.Create(services);
            if (!IdForm.Matches(function.Name) || function.Name.Contains(ToolName.Separator, StringComparison.Ordinal)) throw Refused($"The tool '{function.Name}' has a name that tools cannot have: {IdForm.Words}, and no '{ToolName.Separator}'.");
            if (functions.TryGetValue(function.Name, out var other) && !other.IsBuiltIn) throw Refused($"Two tools have the name '{function.Name}'; give one of them another.");
            functions[function.Name] = new Function(function, registration.Approval, registration.IsBuiltIn);
        }

        foreach (var name in functions.Keys.Where(_servers.ContainsKey)) throw Refused($"A tool and an MCP server have the name '{name}'; give one of them another.");
        _functions = functions.ToFrozenDictionary(StringComparer.Ordinal);
        foreach (var (name, approval) in _options.Approval)
        {
            var setting = $"{ToolsOptions.Section}:{nameof(ToolsOptions.Approval)}:{name}";
            if (!ToolApproval.All.Contains(approval)) throw Refused($"{setting}: must be one of {string.Join(", ", ToolApproval.All)}, not '{approval}'.");
            if (!MayHave(name)) throw Refused($"{setting}: there is no tool '{name}'; there are {string.Join(", ", Names)}.");
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _functions.Keys.Concat(_servers.Values.SelectMany(server => (server.KnownNames ?? []).Prepend(server.Name))).Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public int MaxLength => _options.MaxLength;

    /// <inheritdoc/>
    public bool MayHave(string name) => _functions.ContainsKey(name) || _servers.ContainsKey(name) || (ServerOf(name) is { } server && server.KnownNames?.Contains(name) != false);

    /// <inheritdoc/>
    public bool IsServer(string name) => _servers.ContainsKey(name);

    /// <inheritdoc/>
    public ToolRules RulesOf(string name)
    {
        var server = ServerOf(name);
        var approval = Approvals.Stricter(_functions.GetValueOrDefault(name)?.Approval, server?.Approval);
        approval = Approvals.Stricter(approval, _options.Approval.GetValueOrDefault(name));
        if (server is not null) approval = Approvals.Stricter(approval, _options.Approval.GetValueOrDefault(server.Name));
        return new ToolRules(approval, server?.Timeout ?? _options.Timeout);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AIFunctionDeclaration>> DescribeAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var tools = new Dictionary<string, AIFunctionDeclaration>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (_functions.TryGetValue(name, out var function))
            {
                tools.TryAdd(name, AIFunctionFactory.CreateDeclaration(name, function.Tool.Description, function.Tool.JsonSchema));
                continue;
            }

            var server = _servers.GetValueOrDefault(name) ?? ServerOf(name) ?? throw Unknown(name, Names);
            var all = await server.ListAsync(cancellationToken);
            var wanted = name == server.Name ? all : [.. all.Where(tool => tool.Name == name)];
            if (wanted.Count == 0) throw Unknown(name, all.Select(tool => tool.Name));
            foreach (var tool in wanted) tools.TryAdd(tool.Name, tool);
        }

        return [.. tools.Values];
    }

    /// <inheritdoc/>
    public async Task<string> CallAsync(ToolInvocation call, CancellationToken cancellationToken)
    {
        if (!_functions.TryGetValue(call.Name, out var function)) return await (ServerOf(call.Name) ?? throw Unknown(call.Name, Names)).CallAsync(call, cancellationToken);

        await using var scope = _services.CreateAsyncScope();
        try
        {
            return await ToolFunction.CallAsync(function.Tool, call, scope.ServiceProvider, cancellationToken);
        }
        catch (Exception exception) when (exception is ToolException || cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (IsOfArguments(exception))
        {
            throw new ToolException($"The arguments do not fit the tool '{call.Name}': {exception.Message}");
        }
        catch (Exception exception)
        {
            // What an exception says may be for the eyes of the host only.
            LogThrew(exception, call.Name, call.Context.CallId, call.Context.SessionId);
            throw new ToolException($"The tool '{call.Name}' failed; the gateway's log says why.");
        }
    }

    // Thrown by the binding of parameters, before the function has begun.
    private static bool IsOfArguments(Exception exception) =>
        exception is JsonException || (exception is ArgumentException && exception.TargetSite?.DeclaringType?.Assembly == typeof(AIFunctionFactory).Assembly);

    private static OptionsValidationException Refused(string sentence) => new(ToolsOptions.Section, typeof(ToolsOptions), [sentence]);

    private static ToolException Unknown(string name, IEnumerable<string> known) =>
        new(ErrorCode.ToolUnavailable, $"There is no tool '{name}'; there are {string.Join(", ", known.DefaultIfEmpty("none"))}.");

    private IToolServer? ServerOf(string name) => ToolName.ServerOf(name) is { } server ? _servers.GetValueOrDefault(server) : null;

    private sealed record Function(AIFunction Tool, string Approval, bool IsBuiltIn);
}

using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Gateway.Transport;

/// <summary>Decides whether the direct door may open: only where nothing of the host concerns what it would go round.</summary>
/// <remarks>Everything is an allow list: what is not known shuts the door, and the request takes the ordinary way.</remarks>
internal sealed partial class DoorConditions
{
    // Both are inert for what the door takes: it asks AllowedHosts itself, and takes no request that a proxy has marked.
    private static readonly string[] KnownFilters = ["Microsoft.AspNetCore.HostFilteringStartupFilter", "Microsoft.AspNetCore.ForwardedHeadersStartupFilter"];

    private readonly IServiceProvider _services;
    private readonly TransportOptions _options;
    private readonly ILogger<DoorConditions> _logger;
    private readonly Lazy<bool> _isOpen;

    public DoorConditions(IServiceProvider services, IOptions<TransportOptions> options, ILogger<DoorConditions> logger)
    {
        _services = services;
        _options = options.Value;
        _logger = logger;
        _isOpen = new Lazy<bool>(Decide);
    }

    /// <summary>Whether the door is open; decided when the first connection comes, since all endpoints are mapped by then.</summary>
    public bool IsOpen => _isOpen.Value;

    private bool Decide()
    {
        var obstacle = FindObstacle();
        if (obstacle is null) LogOpen(_logger);
        else LogShut(_logger, obstacle);
        return obstacle is null;
    }

    private string? FindObstacle()
    {
        if (_options.DirectDoor == false) return "Gateway:Transport:DirectDoor is false";
        if (_options.DirectDoor is null && !_options.IsStandAlone) return "another program embeds the gateway, and Gateway:Transport:DirectDoor is not set";
        if (_options.DirectDoor is null && FindFilter() is { } filter) return $"the startup filter {filter} may add middleware";
        return FindPolicy() ?? FindEndpointObstacle();
    }

    private string? FindFilter() =>
        _services.GetServices<IStartupFilter>().Select(filter => filter.GetType().FullName).FirstOrDefault(name => !KnownFilters.Contains(name));

    // Policies that hold for endpoints which say nothing of their own.
    private string? FindPolicy()
    {
        if (_services.GetService<IAuthorizationPolicyProvider>() is { } provider)
        {
            if (provider.GetType() != typeof(DefaultAuthorizationPolicyProvider)) return "the host has an authorization policy provider of its own";
            if (_services.GetRequiredService<IOptions<AuthorizationOptions>>().Value.FallbackPolicy is not null) return "the host has a fallback authorization policy";
        }

        return _services.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter is null ? null : "the host has a global rate limiter";
    }

    private string? FindEndpointObstacle()
    {
        var endpoints = _services.GetRequiredService<EndpointDataSource>().Endpoints;
        foreach (var direct in _services.GetServices<IDirectEndpoint>())
        {
            var mapped = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<DirectMetadata>()?.Path == direct.Path).ToList();
            if (mapped is not [var endpoint]) return $"{direct.Path} is not mapped, is mapped twice, or has an endpoint filter";
            if (endpoint.Metadata.FirstOrDefault(item => !IsKnown(item)) is { } unknown) return $"{direct.Path} carries {unknown.GetType()}, which the gateway does not know";
        }

        return null;
    }

    // What the gateway's own endpoints carry without any policy of the host.
    private static bool IsKnown(object metadata) =>
        metadata is DirectMetadata or MethodInfo or HttpMethodMetadata or IExcludeFromDescriptionMetadata or IRouteDiagnosticsMetadata
            or HubMetadata or DisableRequestTimeoutAttribute or IDisableCookieRedirectMetadata
            or DebuggerStepThroughAttribute
        || metadata.GetType().Namespace == "System.Runtime.CompilerServices";
}

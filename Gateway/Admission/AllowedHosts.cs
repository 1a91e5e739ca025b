using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.Admission;

/// <summary>The hosts the gateway answers for: those in <c>AllowedHosts</c>, or, when it says nothing, those that can only be this gateway.</summary>
/// <remarks>
/// A web page can have its own name answered with the address of a gateway on its visitor's machine, and is then a page of the
/// gateway's own host to the browser. Nobody but the operator can do that with an address, with <c>localhost</c>, or with a name
/// that the settings hold, so these are served without a setting.
/// </remarks>
internal sealed class AllowedHosts : IDisposable
{
    private const string Setting = "AllowedHosts";

    private readonly IServiceProvider _services;
    private readonly HashSet<string> _originHosts;
    private readonly IDisposable? _changes;
    private Rules _rules;

    /// <summary>Reads the hosts, and reads them again whenever the settings change.</summary>
    public AllowedHosts(IOptionsMonitor<HostFilteringOptions> options, IOptions<OriginOptions> origins, IConfiguration configuration, IServiceProvider services)
    {
        _services = services;
        _originHosts = [.. origins.Value.AllowedOrigins.Select(OriginOptions.HostOf).OfType<string>()];
        _rules = new Rules(options.CurrentValue, configuration[Setting]);
        _changes = options.OnChange(changed => Volatile.Write(ref _rules, new Rules(changed, configuration[Setting])));
    }

    /// <summary>Whether a request may ask for this host.</summary>
    public bool Allows(HostString host)
    {
        var rules = Volatile.Read(ref _rules);
        if (!host.HasValue) return rules.AllowsEmpty;
        if (!HostName.TryParse(host.Value, out var name)) return false;
        return rules.Hosts is { } hosts
            ? hosts.Length == 0 || HostString.MatchesAny(name.Name, hosts)
            : name.IsAddress || name.IsLocalhost || _originHosts.Contains(name.Name) || IsBound(name.Name);
    }

    /// <inheritdoc/>
    public void Dispose() => _changes?.Dispose();

    // Looked up each time: the addresses come one by one while the server starts, and few requests get this far.
    private bool IsBound(string name)
    {
        foreach (var address in _services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            if (HostName.TryParse(BindingAddress.Parse(address).Host, out var bound) && bound.Name == name) return true;
        }

        return false;
    }

    private sealed class Rules
    {
        // The names by which ASP.NET Core's servers call every host.
        private static readonly string[] Everything = ["*", "[::]", "0.0.0.0"];

        public Rules(HostFilteringOptions options, string? setting)
        {
            AllowsEmpty = options.AllowEmptyHosts;
            var hosts = options.AllowedHosts.Select(host => new HostString(host).ToUriComponent()).ToList();

            // ASP.NET Core takes a setting that is not there for all hosts.
            if (hosts.Count == 0 || (hosts is ["*"] && string.IsNullOrEmpty(setting))) return;
            Hosts = hosts.Exists(Everything.Contains) ? [] : [.. hosts.Select(host => new StringSegment(host))];
        }

        /// <summary>The hosts of the setting; none for all, null when nothing is set.</summary>
        public StringSegment[]? Hosts { get; }

        /// <summary>Whether a request may name no host, which only HTTP/1.0 can.</summary>
        public bool AllowsEmpty { get; }
    }
}

using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.Admission;

/// <summary>The hosts the gateway answers for, as ASP.NET Core's own host filter reads them from <c>AllowedHosts</c>.</summary>
/// <remarks>Requests that come through HTTP have passed that filter already; what opens below HTTP passes only this one.</remarks>
internal sealed class AllowedHosts : IDisposable
{
    private readonly IDisposable? _changes;
    private Rules _rules;

    /// <summary>Reads the hosts, and reads them again whenever the settings change.</summary>
    public AllowedHosts(IOptionsMonitor<HostFilteringOptions> options)
    {
        _rules = new Rules(options.CurrentValue);
        _changes = options.OnChange(changed => Volatile.Write(ref _rules, new Rules(changed)));
    }

    /// <summary>Whether a request may ask for this host.</summary>
    public bool Allows(HostString host) => Volatile.Read(ref _rules).Allow(host.Value);

    /// <inheritdoc/>
    public void Dispose() => _changes?.Dispose();

    private sealed class Rules
    {
        // The names by which ASP.NET Core's servers call every host.
        private static readonly string[] Everything = ["*", "[::]", "0.0.0.0"];

        private readonly StringSegment[] _hosts = [];
        private readonly bool _allowsEmpty;

        public Rules(HostFilteringOptions options)
        {
            _allowsEmpty = options.AllowEmptyHosts;
            var hosts = options.AllowedHosts.Select(host => new HostString(host).ToUriComponent()).ToList();
            if (!hosts.Exists(Everything.Contains)) _hosts = [.. hosts.Select(host => new StringSegment(host))];
        }

        public bool Allow(string? host)
        {
            if (_hosts.Length == 0) return true;
            return string.IsNullOrEmpty(host) ? _allowsEmpty : HostString.MatchesAny(host, _hosts);
        }
    }
}

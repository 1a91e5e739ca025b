using Gateway.Admission;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>Checks the settings that are ASP.NET Core's own: its mistakes name no setting, and some end in a stack trace.</summary>
internal static class StartSettings
{
    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports"];

    private static readonly Dictionary<string, LogLevel> OtherLevels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["verbose"] = LogLevel.Trace,
        ["all"] = LogLevel.Trace,
        ["info"] = LogLevel.Information,
        ["notice"] = LogLevel.Information,
        ["warn"] = LogLevel.Warning,
        ["err"] = LogLevel.Error,
        ["fatal"] = LogLevel.Critical,
        ["crit"] = LogLevel.Critical,
        ["off"] = LogLevel.None,
    };

    /// <exception cref="OptionsValidationException">Something is wrong, a sentence each.</exception>
    public static void Check(IConfiguration configuration)
    {
        List<string> problems = [.. Levels(configuration.GetSection("Logging")), .. Addresses(configuration), .. Hosts(configuration)];
        if (problems.Count > 0) throw new OptionsValidationException("", typeof(IConfiguration), problems);
    }

    private static IEnumerable<string> Levels(IConfigurationSection logging) =>
        from setting in logging.AsEnumerable()
        where setting.Key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && setting.Value is { Length: > 0 } && !Enum.TryParse<LogLevel>(setting.Value, ignoreCase: true, out _)
        select $"{setting.Key}: must be {string.Join(", ", Enum.GetNames<LogLevel>()[..^1])} or {LogLevel.None}, not '{setting.Value}'{Meant(setting.Value!)}.";

    private static string Meant(string level) => OtherLevels.TryGetValue(level, out var meant) ? $"; here it is called {meant}" : "";

    private static IEnumerable<string> Addresses(IConfiguration configuration)
    {
        // Kestrel reads only one of them; the first that is set.
        if (AddressKeys.FirstOrDefault(key => !string.IsNullOrWhiteSpace(configuration[key])) != AddressKeys[0]) yield break;
        foreach (var address in configuration[AddressKeys[0]]!.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Problem(address, configuration) is { } problem) yield return $"The address '{address}' in urls (--urls or ASPNETCORE_URLS) {problem}";
        }
    }

    // One that is written otherwise is compared with every host, and is never the one.
    private static IEnumerable<string> Hosts(IConfiguration configuration) =>
        from host in (configuration["AllowedHosts"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)
        where host != "*" && (!HostName.TryParse(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host, out var name) || name.Port is not null || host.EndsWith(':'))
        select $"AllowedHosts: '{host}' is no host; write names without scheme, port and blanks, separated by semicolons, such as 'gateway.example;localhost'.";

    private static string? Problem(string address, IConfiguration configuration)
    {
        if (address.Any(c => c is '"' or '\'' || char.IsControl(c))) return "has quotes or a line break in it; leave them out.";
        BindingAddress parsed;
        try
        {
            parsed = BindingAddress.Parse(address.Trim());
        }
        catch (FormatException)
        {
            return "is not one; write it like http://localhost:8080.";
        }

        if (!parsed.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase) && !parsed.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase)) return "does not begin with http:// or https://; write it like http://localhost:8080.";
        if (address.Contains(',', StringComparison.Ordinal)) return "has a comma in it; several addresses are separated by semicolons.";
        if (parsed.PathBase.Length > 0) return $"has a path, '{parsed.PathBase}'; leave it out, and let a proxy in front of the gateway serve it under a path.";
        if (parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && parsed.Port == 0) return "leaves the port open, which localhost cannot; write http://127.0.0.1:0.";
        return null;
    }
}

using System.Globalization;

namespace Gateway.Benchmarks.Conformance;

/// <summary>How the kit is started.</summary>
/// <param name="Port">Where it listens on this machine; 0: anywhere.</param>
/// <param name="Seed">Decides where faults are played.</param>
/// <param name="TokensPerSecond">How fast its agents speak.</param>
/// <param name="GatewaySettings">Settings of the gateway behind it.</param>
internal sealed record KitOptions(int Port, int Seed, double TokensPerSecond, IReadOnlyList<string> GatewaySettings)
{
    /// <summary>Reads them from arguments.</summary>
    public static KitOptions Read(string[] args) => new(
        int.Parse(Value(args, "--port") ?? "8090", CultureInfo.InvariantCulture),
        int.Parse(Value(args, "--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        double.Parse(Value(args, "--tokens-per-second") ?? "60", CultureInfo.InvariantCulture),
        [.. args.Where(arg => arg.Contains(':', StringComparison.Ordinal) && arg.StartsWith("--", StringComparison.Ordinal))]);

    /// <summary>The argument after a name; null where the name is not given.</summary>
    public static string? Value(string[] args, string name)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
    }
}

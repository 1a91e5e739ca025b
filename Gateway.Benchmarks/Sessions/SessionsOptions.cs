using System.Globalization;

namespace Gateway.Benchmarks.Sessions;

/// <summary>What is measured, and how.</summary>
/// <param name="Sessions">Sessions that run at a time.</param>
/// <param name="Viewers">Viewers of each.</param>
/// <param name="Rate">Events a second of each.</param>
/// <param name="WarmUp">How long all of them run before anything is counted.</param>
/// <param name="Duration">How long it is counted.</param>
/// <param name="Rounds">How often all contenders have their turn.</param>
/// <param name="Contenders">The stores of the gateway, and the peer.</param>
/// <param name="Publishers">Connections over which the peer is given the events.</param>
/// <param name="IsPinned">Whether the server has cores of its own.</param>
/// <param name="Settings">Further settings of the gateway.</param>
internal sealed record SessionsOptions(int Sessions, int Viewers, double Rate, TimeSpan WarmUp, TimeSpan Duration, int Rounds, IReadOnlyList<string> Contenders, int Publishers, bool IsPinned, IReadOnlyList<string> Settings)
{
    /// <summary>The peer's name.</summary>
    public const string Nats = "nats";

    private static readonly string[] Stores = ["sqlite", "memory"];

    /// <summary>Reads them from arguments.</summary>
    /// <exception cref="FormatException">An argument is none that is known; the sentence names it.</exception>
    public static SessionsOptions Read(string[] args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith("--Gateway:", StringComparison.OrdinalIgnoreCase)) settings.Add(args[i]);
            else if (i + 1 < args.Length && args[i].StartsWith("--", StringComparison.Ordinal)) given[args[i]] = args[++i];
            else throw new FormatException($"'{args[i]}' is no option, or its value is missing.");
        }

        var peer = Take("--peer", null);
        var store = Take("--store", peer is null ? Stores[0] : null);
        string[] contenders = [.. store is null ? [] : store == "both" ? Stores : store.Split(','), .. peer is null ? [] : new[] { peer }];
        if (contenders.FirstOrDefault(name => name != Nats && !Stores.Contains(name)) is { } unknown) throw new FormatException($"'{unknown}' is neither a store ({string.Join(", ", Stores)}, both) nor a peer ({Nats}).");
        var read = new SessionsOptions(
            (int)Number("--sessions", "500"),
            (int)Number("--viewers", "1"),
            Number("--rate", "40"),
            TimeSpan.FromSeconds(Number("--warmup", "10")),
            TimeSpan.FromSeconds(Number("--seconds", "30")),
            (int)Number("--rounds", "1"),
            contenders,
            (int)Number("--publishers", "1"),
            Take("--pin", "on") == "on",
            settings);
        return given.Count == 0 ? read : throw new FormatException($"'{given.Keys.First()}' is no option.");

        string? Take(string name, string? otherwise) => given.Remove(name, out var value) ? value : otherwise;

        double Number(string name, string otherwise) => double.TryParse(Take(name, otherwise), CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new FormatException($"'{name}' takes a number above 0.");
    }
}

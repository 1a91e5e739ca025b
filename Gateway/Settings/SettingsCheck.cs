namespace Gateway.Settings;

/// <summary>Tells of settings that nobody reads, with the one that was probably meant.</summary>
/// <remarks>A warning and not a refusal: what stands beside the gateway may leave settings of its own. Values are not shown, since they may be secrets.</remarks>
internal sealed partial class SettingsCheck(IEnumerable<KnownSettings> known, IEnumerable<FreeSettings> free, IConfiguration configuration, ILogger<SettingsCheck> logger) : IHostedService
{
    private const string Root = "Gateway";
    private const int MaxDistance = 3;

    private readonly List<string> _known = [.. known.SelectMany(settings => settings.List()).Select(setting => setting.Path).Distinct(StringComparer.OrdinalIgnoreCase)];
    private readonly List<string> _free = [.. free.Select(section => section.Section).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (setting, meant) in Find()) LogUnknown(setting, meant is null ? "" : $"; did you mean '{meant}'?");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The settings nobody reads, each with the one that was probably meant, if any.</summary>
    public IEnumerable<(string Setting, string? Meant)> Find() =>
    [
        .. configuration.GetSection(Root).AsEnumerable().Where(IsGiven).Where(pair => !IsKnown(pair.Key)).Select(pair => (pair.Key, Nearest(pair.Key))),
        .. configuration.GetChildren().Where(child => !child.Key.Equals(Root, StringComparison.OrdinalIgnoreCase)).SelectMany(child => child.AsEnumerable()).Where(IsGiven).Select(pair => (pair.Key, Stray(pair.Key))).Where(stray => stray.Item2 is not null),
    ];

    private static bool IsGiven(KeyValuePair<string, string?> pair) => pair.Value is not null;

    // A list in place of a text, such as AllowedOrigins:0, is below what is known.
    private static bool Fits(string known, string given) =>
        IsAtOrBelow(known, given) && given.Split(':')[known.Split(':').Length..].All(name => int.TryParse(name, out _));

    private static bool IsAtOrBelow(string known, string given)
    {
        var (parts, names) = (known.Split(':'), given.Split(':'));
        return names.Length >= parts.Length && parts.Zip(names).All(pair => pair.First == KnownSettings.Any || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    private bool IsKnown(string given) => _known.Exists(known => Fits(known, given)) || _free.Exists(section => IsAtOrBelow(section, given));

    // The known setting with the fewest letters that differ; a name in place of * is taken over.
    private string? Nearest(string given) => _known.Select(known => Fill(known, given)).Concat(_free.Select(section => Above(section, given)))
        .Select(path => (Path: path, Distance: Distance(path, given)))
        .Where(candidate => candidate.Distance <= MaxDistance)
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Path)
        .FirstOrDefault() ?? _known.Where(known => Name(known).Equals(Name(given), StringComparison.OrdinalIgnoreCase)).Select(known => Fill(known, given)).FirstOrDefault();

    // At the top, only what is a setting of the gateway but for its separators or for the word before it: anything may stand there.
    private string? Stray(string given) => _known.FirstOrDefault(known =>
        Letters(known).Equals(Letters(given), StringComparison.OrdinalIgnoreCase) || (given.Contains(':', StringComparison.Ordinal) && Fits(known, $"{Root}:{given}"))) is { } found
        ? Fill(found, found.Split(':').Length == given.Split(':').Length + 1 ? $"{Root}:{given}" : given)
        : given.Contains(':', StringComparison.Ordinal) && _free.Exists(section => IsAtOrBelow(section, $"{Root}:{given}")) ? $"{Root}:{given}" : null;

    // A free section with what the given name has below it.
    private static string Above(string section, string given) => string.Join(':', [Fill(section, given), .. given.Split(':').Skip(section.Split(':').Length)]);

    private static string Fill(string known, string given)
    {
        var names = given.Split(':');
        return string.Join(':', known.Split(':').Select((part, i) => part == KnownSettings.Any && i < names.Length ? names[i] : part));
    }

    private static string Name(string path) => path[(path.LastIndexOf(':') + 1)..];

    private static string Letters(string path) => string.Concat(path.Where(char.IsLetterOrDigit));

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > MaxDistance) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

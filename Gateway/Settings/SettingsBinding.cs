using Microsoft.Extensions.Options;

namespace Gateway.Settings;

/// <summary>Reads options from the configuration: times as people write them, and a sentence for each value that is of the wrong kind.</summary>
internal static class SettingsBinding
{
    /// <summary>Binds options to their section, which is then known to the check for misspelt settings.</summary>
    public static OptionsBuilder<TOptions> BindSettings<TOptions>(this OptionsBuilder<TOptions> builder, string section)
        where TOptions : class
    {
        builder.Services.AddKnownSettings<TOptions>(section);
        return builder.Configure<IConfiguration>((options, configuration) => Bind(options, configuration, section));
    }

    /// <summary>Options of their own for one section, for those that are read again and again under other names.</summary>
    public static TOptions Read<TOptions>(IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        var options = new TOptions();
        Bind(options, configuration, section);
        return options;
    }

    /// <summary>Makes the settings of a section known that something else reads.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="section">The section; <c>*</c> stands for any name.</param>
    public static IServiceCollection AddKnownSettings<TOptions>(this IServiceCollection services, string section) =>
        services.AddSingleton(new KnownSettings(section, typeof(TOptions)));

    /// <summary>Makes a section known below which anything may stand.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="section">The section; <c>*</c> stands for any name.</param>
    public static IServiceCollection AddFreeSettings(this IServiceCollection services, string section) => services.AddSingleton(new FreeSettings(section));

    private static void Bind<TOptions>(TOptions options, IConfiguration configuration, string section)
        where TOptions : class
    {
        // What is null or, for a number, empty counts as left out.
        var values = configuration.GetSection(section).AsEnumerable().Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        List<string> problems = [];
        foreach (var setting in new KnownSettings(section, typeof(TOptions)).Resolve(configuration))
        {
            if (!values.TryGetValue(setting.Path, out var text) || SettingKinds.Find(setting.Type) is not { } kind) continue;
            if (string.IsNullOrEmpty(text)) values.Remove(setting.Path);
            else if (kind.Normalize(text) is { } normal) values[setting.Path] = normal;
            else problems.Add($"{setting.Path}: must be {kind.Expected}, not '{text}'.");
        }

        if (problems.Count > 0) throw new OptionsValidationException(section, typeof(TOptions), problems);

        new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection(section).Bind(options);
    }
}

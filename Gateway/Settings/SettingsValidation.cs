using Microsoft.Extensions.Options;

namespace Gateway.Settings;

/// <summary>Checks options against their attributes when the host starts.</summary>
internal static class SettingsValidation
{
    /// <summary>Stops the start of the host where <paramref name="validator"/> finds a mistake, which is named under <paramref name="section"/>.</summary>
    /// <param name="builder">The options.</param>
    /// <param name="section">Where the settings stand, such as <c>Gateway:Limits</c>.</param>
    /// <param name="validator">The generated validator (<c>[OptionsValidator]</c>) of the options.</param>
    public static OptionsBuilder<TOptions> ValidateOnStart<TOptions>(this OptionsBuilder<TOptions> builder, string section, IValidateOptions<TOptions> validator)
        where TOptions : class => builder.Validate(section, validator).ValidateOnStart();

    /// <summary>As <see cref="ValidateOnStart"/>, but when the options are read first: for options that not every host needs.</summary>
    public static OptionsBuilder<TOptions> Validate<TOptions>(this OptionsBuilder<TOptions> builder, string section, IValidateOptions<TOptions> validator)
        where TOptions : class
    {
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new SectionValidator<TOptions>(section, validator));
        return builder;
    }

    // The name of the options is what the generated validator puts before the member's: see SettingAttribute.
    private sealed class SectionValidator<TOptions>(string section, IValidateOptions<TOptions> validator) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) => validator.Validate(section, options);
    }
}

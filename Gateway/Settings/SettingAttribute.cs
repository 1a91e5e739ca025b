using System.ComponentModel.DataAnnotations;

namespace Gateway.Settings;

/// <summary>A rule for one setting; a failure is one sentence that names the setting.</summary>
/// <remarks>
/// The sentence reads <c>Gateway:Limits:CommandBurst: must be from 1 to 1000000, not 0.</c> A setting that is left out is
/// null and passes.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class SettingAttribute : ValidationAttribute
{
    /// <summary>What the value must be, as it follows "must be"; null when the value is good.</summary>
    protected abstract string? Expected(object value);

    /// <summary>How the wrong value is shown; null when it must not be.</summary>
    protected abstract string? Shown(object value);

    /// <inheritdoc/>
    protected sealed override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is null || Expected(value) is not { } expected) return ValidationResult.Success;
        var given = Shown(value) is { } shown ? $", not {shown}" : "";

        // Without a member's name: a result that has one puts it before the sentence, which already names the setting.
        return new ValidationResult($"{NameOf(validationContext)}: must be {expected}{given}.");
    }

    // The generated validators call a member "<name of the options>.<member>", and SettingsValidation names the options after their section.
    private static string NameOf(ValidationContext context)
    {
        var member = context.MemberName ?? "";
        var section = context.DisplayName.EndsWith("." + member, StringComparison.Ordinal) ? context.DisplayName[..^(member.Length + 1)] : context.DisplayName;
        return $"{section}:{member}";
    }
}

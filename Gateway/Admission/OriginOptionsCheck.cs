using Microsoft.Extensions.Options;

namespace Gateway.Admission;

/// <summary>Names the origins that no page can have: an entry that is misspelt would just never match.</summary>
internal sealed class OriginOptionsCheck : IValidateOptions<OriginOptions>
{
    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var wrong = options.AllowedOrigins.Where(origin => !OriginOptions.IsOrigin(origin)).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(origin => $"Gateway:AllowedOrigins: '{origin}' is no origin; write it as 'https://app.example.com', with a port where it has one and without a path, or '*' for any page."));
    }
}

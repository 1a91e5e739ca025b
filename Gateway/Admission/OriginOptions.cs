using System.Globalization;

namespace Gateway.Admission;

/// <summary>The web pages that may use the gateway beside those of its own host.</summary>
public sealed class OriginOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway";

    /// <summary>Stands for every page.</summary>
    internal const string Any = "*";

    /// <summary>Origins such as <c>https://app.example.com</c>, or <c>*</c>.</summary>
    [Origins]
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Whether a browser could ever send this as the origin of a page.</summary>
    internal static bool IsOrigin(string text) =>
        text == Any
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && text.Contains(Uri.SchemeDelimiter, StringComparison.Ordinal)
            && uri.Host.Length > 0
            && !uri.Host.Contains('*', StringComparison.Ordinal)
            && uri is { PathAndQuery: "" or "/", Fragment: "", UserInfo: "" });

    /// <summary>An origin as browsers send it, whose names are ASCII and whose usual port is left out; null when it is none.</summary>
    internal static string? Normalize(string text) =>
        text != Any && IsOrigin(text) && HostOf(text) is { } host && new Uri(text) is var uri
            ? $"{uri.Scheme}://{host}{(uri.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{uri.Port}"))}"
            : null;

    /// <summary>The host of an origin as <see cref="HostName"/> spells it; null when it has none.</summary>
    internal static string? HostOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && HostName.TryParse(uri.Host, out var host) ? host.Name : null;
}

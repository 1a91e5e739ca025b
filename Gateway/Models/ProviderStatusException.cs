namespace Gateway.Models;

/// <summary>A provider answered with an error status.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="sentence">The provider's own words, not yet redacted; null when it gave none.</param>
internal sealed class ProviderStatusException(int status, string? sentence) : Exception($"The provider answered {status}.")
{
    public int Status { get; } = status;

    public string? Sentence { get; } = sentence;
}

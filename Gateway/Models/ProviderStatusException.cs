namespace Gateway.Models;

/// <summary>A provider answered with an error status.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="sentence">The provider's own words, not yet redacted; null when it gave none.</param>
/// <param name="retryAfter">For how long it asks to be left alone; null when it does not say.</param>
internal sealed class ProviderStatusException(int status, string? sentence, TimeSpan? retryAfter = null) : Exception($"The provider answered {status}.")
{
    public int Status { get; } = status;

    public string? Sentence { get; } = sentence;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}

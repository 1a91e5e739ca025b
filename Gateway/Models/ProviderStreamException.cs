namespace Gateway.Models;

/// <summary>A provider reported an error inside its answer.</summary>
/// <param name="sentence">The provider's own words, not yet redacted; null when it gave none.</param>
internal sealed class ProviderStreamException(string? sentence) : Exception("The provider reported an error in mid-stream.")
{
    public string? Sentence { get; } = sentence;
}

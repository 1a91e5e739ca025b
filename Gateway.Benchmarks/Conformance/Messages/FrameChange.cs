namespace Gateway.Benchmarks.Conformance.Messages;

/// <summary>What is changed in an event that passes.</summary>
/// <param name="Timestamp">Another time; null: as it is.</param>
/// <param name="Padding">The text of members that nobody knows, beside the known ones and in the data; null: none.</param>
internal sealed record FrameChange(string? Timestamp = null, string? Padding = null)
{
    /// <summary>A member that no version of the contract has.</summary>
    public const string PaddingName = "x_padding";
}

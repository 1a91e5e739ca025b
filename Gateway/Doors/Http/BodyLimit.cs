using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.Http;

/// <summary>How large a body may be.</summary>
/// <param name="Bytes">The most, in bytes.</param>
/// <param name="Sentence">What is said of a larger one.</param>
internal sealed record BodyLimit(long Bytes, string Sentence)
{
    /// <summary>The refusal of a larger one.</summary>
    public GatewayException Exceeded() => new(ErrorCode.MessageTooLarge, Sentence);
}

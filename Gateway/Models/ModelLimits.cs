namespace Gateway.Models;

/// <summary>How much one model may be asked by all sessions together; null: without that limit.</summary>
/// <param name="Calls">Calls under way at a time.</param>
/// <param name="RequestsPerMinute">Calls that begin in any minute.</param>
/// <param name="TokensPerMinute">Tokens that calls read and write in any minute.</param>
public sealed record ModelLimits(int? Calls = null, int? RequestsPerMinute = null, long? TokensPerMinute = null)
{
    /// <summary>No limits.</summary>
    public static ModelLimits None { get; } = new();
}

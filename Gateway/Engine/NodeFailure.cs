using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>Why a node, or its work, failed.</summary>
/// <param name="Code">One of <see cref="ErrorCode"/>, or a code of the host's own.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record NodeFailure(string Code, string Message)
{
    /// <summary>Whether the next try could end otherwise; false for a refusal that stays, such as that of a wrong key.</summary>
    public bool MayPass { get; init; } = true;

    /// <summary>For how long who failed asks to be left alone; null: it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

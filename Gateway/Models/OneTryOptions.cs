using Microsoft.Extensions.AI;

namespace Gateway.Models;

/// <summary>How to answer, and whether a question that fails is not asked again by the client itself.</summary>
/// <remarks>Who tries again by a rule of its own wants to see each failure, and asks no provider more often than the rule says.</remarks>
internal sealed class OneTryOptions : ChatOptions
{
    /// <summary>Whether the client asks its provider once and no more.</summary>
    public bool IsOnlyTry { get; init; }
}

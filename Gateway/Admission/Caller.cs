using System.Security.Claims;

namespace Gateway.Admission;

/// <summary>Who asks for something, on whichever door.</summary>
public sealed record Caller
{
    private Caller(ClaimsPrincipal? user) => User = user;

    /// <summary>A caller who has not said who they are.</summary>
    public static Caller Anonymous { get; } = new((ClaimsPrincipal?)null);

    /// <summary>Who the caller proved to be; null for an anonymous one.</summary>
    public ClaimsPrincipal? User { get; }

    /// <summary>The name that the caller proved to have; null for an anonymous one, and for one without a name.</summary>
    public string? Name => User?.Identity?.Name is { Length: > 0 } name ? name : null;

    /// <summary>The caller whom the host's authentication has found; the anonymous one where it has found nobody.</summary>
    internal static Caller Of(ClaimsPrincipal? user) => user?.Identity is { IsAuthenticated: true } ? new Caller(user) : Anonymous;
}

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
}

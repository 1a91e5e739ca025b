using Gateway.Log;

namespace Gateway.Observers;

/// <summary>Something in a session that a host wants to hear of: <see cref="SessionAsked"/> or <see cref="SessionEnded"/>.</summary>
public abstract record SessionMoment
{
    private protected SessionMoment()
    {
    }

    /// <summary>What the session was started with.</summary>
    public required SessionHeader Session { get; init; }

    /// <summary>The event that told of it; with the session's id it names the moment, also when that is told again.</summary>
    public required long Seq { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTime At { get; init; }
}

using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>Where a session stands after an append.</summary>
/// <param name="Status">One of <see cref="SessionStatus"/>.</param>
/// <param name="WakeAt">When it goes on by itself although it waits for somebody, UTC; null: only when somebody asks something of it.</param>
public readonly record struct SessionStanding(string Status, DateTime? WakeAt = null)
{
    /// <summary>A status; nothing wakes the session.</summary>
    public static implicit operator SessionStanding(string status) => new(status);
}

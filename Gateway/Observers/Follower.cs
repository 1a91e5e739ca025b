using Gateway.Log;

namespace Gateway.Observers;

/// <summary>Who is taken through the log, event by event.</summary>
/// <param name="Name">The name under which its cursors are kept.</param>
/// <param name="TellAsync">
/// Hands an event to it; true when the event is one it wants to have behind it, so that its cursor moves there. The last event of a session is always one. It throws to be told again later.
/// </param>
internal sealed record Follower(string Name, Func<SessionEntry, LoggedEvent, CancellationToken, Task<bool>> TellAsync)
{
    /// <summary>How many sessions it is told of at a time.</summary>
    public int AtOnce { get; init; } = 4;
}

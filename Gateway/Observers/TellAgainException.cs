namespace Gateway.Observers;

/// <summary>A follower could not take an event, has said so itself, and wants to be told again.</summary>
/// <param name="wait">After this time.</param>
internal sealed class TellAgainException(TimeSpan wait) : Exception("It is told again.")
{
    /// <summary>After which time.</summary>
    public TimeSpan Wait => wait;
}

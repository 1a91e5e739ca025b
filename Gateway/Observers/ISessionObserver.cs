namespace Gateway.Observers;

/// <summary>Code of the host that runs when a session asks or ends; added with <see cref="ObserverServices.AddSessionObserver{TObserver}"/>.</summary>
public interface ISessionObserver
{
    /// <summary>Does what the host wants done about a moment.</summary>
    /// <remarks>
    /// Of one session the moments come one after the other, in order; those of several sessions may come at once. A moment is told
    /// again until the task completes without an exception, and once more if the process ends before that is noted: so the same moment may
    /// come twice. No session waits for it.
    /// </remarks>
    /// <param name="moment">What has happened; it is in the log.</param>
    /// <param name="cancellationToken">The gateway stops; what is broken off is told again at the next start.</param>
    Task ObserveAsync(SessionMoment moment, CancellationToken cancellationToken);
}

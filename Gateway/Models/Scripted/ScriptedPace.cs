namespace Gateway.Models.Scripted;

/// <summary>Spaces the pieces of a scripted answer.</summary>
/// <param name="perSecond">Pieces a second; 0 or less does not wait.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ScriptedPace(double perSecond, TimeProvider timeProvider)
{
    private readonly double _milliseconds = perSecond > 0 ? Math.Min(1000 / perSecond, int.MaxValue) : 0;
    private double _owed;

    /// <summary>Waits until the next piece is due.</summary>
    public Task Wait(CancellationToken cancellationToken)
    {
        // Timers know whole milliseconds; what is left over is waited for with a later piece.
        _owed += _milliseconds;
        var wait = Math.Floor(_owed);
        if (wait < 1) return cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

        _owed -= wait;
        return Task.Delay(TimeSpan.FromMilliseconds(wait), timeProvider, cancellationToken);
    }
}

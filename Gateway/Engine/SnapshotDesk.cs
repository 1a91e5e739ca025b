using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>Where a session's watchers ask for its state, all of them at once for one snapshot.</summary>
/// <remarks>Asking is free for the session: a thousand who ask between two rounds of its loop wait for one and the same answer.</remarks>
internal sealed class SnapshotDesk
{
    private TaskCompletionSource<SessionSnapshot?>? _asked;
    private WeakReference<SessionSnapshot>? _last;
    private bool _lastHeld;
    private volatile bool _closed;

    /// <summary>Whether somebody waits.</summary>
    public bool IsAsked => Volatile.Read(ref _asked) is not null;

    /// <summary>Asks for the next snapshot; null when the session has ended.</summary>
    public Task<SessionSnapshot?> Ask()
    {
        var asked = Volatile.Read(ref _asked);
        if (asked is null)
        {
            var mine = new TaskCompletionSource<SessionSnapshot?>(TaskCreationOptions.RunContinuationsAsynchronously);
            asked = Interlocked.CompareExchange(ref _asked, mine, null) ?? mine;
        }

        // Who closes the desk may have looked for the last question before this one was put.
        if (_closed) asked.TrySetResult(null);
        return asked.Task;
    }

    /// <summary>Answers everybody who has asked so far; the same state is shown once.</summary>
    /// <param name="state">The state, all of it published.</param>
    /// <param name="held">Whether a fault of the store holds the session, which its log cannot tell yet.</param>
    public void Answer(SessionState state, bool held)
    {
        // Whoever asks after this line asks for the next one.
        if (Interlocked.Exchange(ref _asked, null) is not { } asked) return;
        if (_last is null || !_last.TryGetTarget(out var snapshot) || snapshot.LastSeq != state.LastSeq || _lastHeld != held)
        {
            snapshot = state.ToSnapshot();
            if (held && state.Status == SessionStatus.Running) snapshot = snapshot with { Status = SessionStatus.Paused, PauseReason = PauseReason.StorageUnavailable };
            _last = new WeakReference<SessionSnapshot>(snapshot);
            _lastHeld = held;
        }

        asked.TrySetResult(snapshot);
    }

    /// <summary>Tells everybody who has asked so far that there is no snapshot now.</summary>
    public void Refuse(Exception reason) => Interlocked.Exchange(ref _asked, null)?.TrySetException(reason);

    /// <summary>Sends everybody away, now and from now on: the session has ended here.</summary>
    public void Close()
    {
        _closed = true;
        Interlocked.Exchange(ref _asked, null)?.TrySetResult(null);
    }
}

using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Shutdown;

/// <summary>A log that holds up the append of a pause until a test lets it go: a drain that can be looked at.</summary>
internal sealed class GatedPauseLog() : DelegatingSessionLog(new MemorySessionLog())
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a pause is about to be appended.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets it go.</summary>
    public void Release() => _gate.TrySetResult();

    public override async Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<LoggedEvent> events, SessionStanding standing, CancellationToken cancellationToken)
    {
        if (events.Any(e => e.Event is SessionEvent<ExecutionPaused>))
        {
            _reached.TrySetResult();
            await _gate.Task;
        }

        await base.AppendAsync(sessionId, lastSeq, events, standing, cancellationToken);
    }
}

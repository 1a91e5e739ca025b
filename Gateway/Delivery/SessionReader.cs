using System.Runtime.CompilerServices;
using Gateway.Delivery.Wires;
using Gateway.Lifetime;
using Gateway.Log;

namespace Gateway.Delivery;

/// <summary>Reads a session page by page from its log, and waits at the end for its feed to say that there is more.</summary>
public sealed class SessionReader(SessionFeeds feeds, ISessionLog log, DrainState drain) : ISessionReader
{
    private static readonly ReadLimit Page = new(64, 32 * 1024);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadAsync(string sessionId, long afterSeq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var feed = await feeds.PinAsync(sessionId, afterSeq, cancellationToken);
        try
        {
            for (var last = afterSeq; ;)
            {
                // Asked before the log is read: what is published after that is not missing from it.
                var isAll = feed.HasEnded;
                var isBehind = feed.Head > last;
                var more = feed.WaitBeyondAsync(last, cancellationToken);
                var events = await log.ReadAsync(sessionId, last, Page, cancellationToken);
                if (feed.IsGone) throw RefusalFrame.Deleted(sessionId);
                foreach (var logged in events)
                {
                    last = logged.Seq;
                    yield return logged;
                }

                if (events.Count > 0) continue;
                // The log lacks what the feed has shown.
                if (isBehind) throw RefusalFrame.Deleted(sessionId);
                if (isAll) yield break;
                if (drain.Leaving.IsCancellationRequested) yield break;
                await WaitAsync(more);
            }
        }
        finally
        {
            feeds.Unpin(feed);
        }
    }

    private async Task WaitAsync(Task more)
    {
        var leaving = drain.Leaving;
        try
        {
            await more.WaitAsync(leaving);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested && !more.IsCanceled)
        {
            // The gateway shuts down: what has been published by now is still read, and then the reading ends.
        }
    }
}

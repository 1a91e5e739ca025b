using System.Runtime.CompilerServices;
using Gateway.Client.Connection;
using Gateway.Contracts;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Reading;

/// <summary>Reads the changes of the inbox over connections that come and go, each from where the one before has ended.</summary>
internal sealed partial class InboxReader(GatewayConnection connection, GatewayClientOptions options, ILogger logger)
{
    /// <summary>Reads until it is cancelled.</summary>
    /// <exception cref="GatewayClientException">The gateway refused, or the retry policy gave up.</exception>
    public async IAsyncEnumerable<InboxFrame> ReadAsync(WatchInbox watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tries = 0L;
        var since = options.TimeProvider.GetTimestamp();
        while (true)
        {
            var lease = await connection.WaitConnectedAsync(cancellationToken).ConfigureAwait(false);
            LogWatch(watch.After);
            Exception lost;
            var frames = lease.WatchInboxAsync(watch, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (frames.ConfigureAwait(false))
            {
                while (true)
                {
                    try
                    {
                        // Both kinds of lease end by throwing.
                        await frames.MoveNextAsync().ConfigureAwait(false);
                    }
                    catch (Exception e) when (e is ConnectionBrokenException or IOException || (e is GatewayClientException refusal && Passes(refusal)))
                    {
                        lost = e;
                        break;
                    }

                    tries = 0;
                    since = options.TimeProvider.GetTimestamp();
                    watch = watch with { After = frames.Current.Position };
                    yield return frames.Current;
                }
            }

            if (lost is ConnectionBrokenException) await connection.NotCurrentAsync(lease, cancellationToken).ConfigureAwait(false);
            else await RestAsync(tries++, since, lost, cancellationToken).ConfigureAwait(false);
        }
    }

    // A store that fails for a while is waited for by the gateway; what it tells of one is that it keeps no inbox.
    private static bool Passes(GatewayClientException refusal) => refusal.Code is ErrorCode.ShuttingDown or ErrorCode.LimitExceeded;

    private async Task RestAsync(long tries, long since, Exception lost, CancellationToken cancellationToken)
    {
        var context = new RetryContext { PreviousRetryCount = tries, ElapsedTime = options.TimeProvider.GetElapsedTime(since), RetryReason = lost };
        var delay = options.RetryPolicy.NextRetryDelay(context)
            ?? throw new GatewayClientException(ClientErrorCode.ConnectionFailed, $"Gave up watching the inbox: {lost.Message}", lost);
        LogLost(delay, lost.Message);
        if (delay > TimeSpan.Zero) await Task.Delay(delay, options.TimeProvider, cancellationToken).ConfigureAwait(false);
    }
}

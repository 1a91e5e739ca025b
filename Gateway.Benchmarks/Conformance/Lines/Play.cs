using Gateway.Benchmarks.Conformance.Faults;
using Gateway.Benchmarks.Conformance.Messages;

namespace Gateway.Benchmarks.Conformance.Lines;

/// <summary>What is to be done to a connection.</summary>
/// <param name="Plan">Which fault, and where.</param>
/// <param name="Runs">Where it is noted.</param>
/// <param name="Restart">Kills the gateway and starts it again.</param>
internal sealed record Play(FaultPlan Plan, FaultRuns Runs, Action Restart)
{
    // When nothing has come for so long, nothing will overtake what is held.
    private static readonly TimeSpan QuietAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes messages from the gateway to a client until there are no more.</summary>
    /// <param name="format">How messages follow each other.</param>
    /// <param name="client">The client.</param>
    /// <param name="read">Reads more of what the gateway sends; empty: no more.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <returns>True when the gateway has ended it in order; false when it was lost, or the client was.</returns>
    public async Task<bool> RunAsync(MessageFormat format, ClientLine client, Func<Task<ReadOnlyMemory<byte>>> read, CancellationToken cancellationToken)
    {
        var player = new FaultPlayer(format, Plan, Runs, client, Restart);
        var rest = ReadOnlyMemory<byte>.Empty;
        try
        {
            while (true)
            {
                var reading = read();
                if (player.Holds && await Task.WhenAny(reading, Task.Delay(QuietAfter, cancellationToken)) != reading) await player.ReleaseAsync(cancellationToken);
                var more = await reading;
                if (more.IsEmpty) break;
                rest = rest.IsEmpty ? more : (byte[])[.. rest.Span, .. more.Span];
                while (format.TryTake(ref rest, out var message)) await player.PassAsync(message, cancellationToken);

                // The client has been told that it is over, and comes again: over HTTP on the very connection that this answer would go on to occupy.
                if (client.IsOver && !client.IsDead) return true;
            }

            await player.ReleaseAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (Forwarder.IsEnd(exception))
        {
            if (!cancellationToken.IsCancellationRequested) player.GatewayLost();
            return false;
        }
    }
}

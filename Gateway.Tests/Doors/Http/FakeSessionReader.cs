using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gateway.Delivery;
using Gateway.Log;

namespace Gateway.Tests.Doors.Http;

/// <summary>A session that the test plays: what it writes to the channel is what readers see.</summary>
public sealed class FakeSessionReader : ISessionReader
{
    private readonly TaskCompletionSource<bool> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Channel<LoggedEvent> Events { get; } = Channel.CreateUnbounded<LoggedEvent>();

    /// <summary>Where the reader was asked to begin.</summary>
    public (string SessionId, long AfterSeq)? Asked { get; private set; }

    /// <summary>Completes when the reader has left; true when it was told to.</summary>
    public Task<bool> Left => _left.Task;

    public async IAsyncEnumerable<LoggedEvent> ReadAsync(string sessionId, long afterSeq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked = (sessionId, afterSeq);
        try
        {
            await foreach (var logged in Events.Reader.ReadAllAsync(cancellationToken))
            {
                if (logged.Seq > afterSeq) yield return logged;
            }
        }
        finally
        {
            _left.TrySetResult(cancellationToken.IsCancellationRequested);
        }
    }
}

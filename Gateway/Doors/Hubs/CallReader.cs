using System.Buffers;
using System.IO.Pipelines;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Refusals;

namespace Gateway.Doors.Hubs;

/// <summary>What a hub connection has sent and its hub has not done yet; a large call takes its bytes from what large messages share.</summary>
/// <remarks>
/// SignalR gives the bytes of a call back to the pipe once the call is done and its answer is written. So what lies in the pipe
/// is what is under way, and whatever is kept here for an answer can go with the next step of the reader.
/// </remarks>
internal sealed class CallReader(PipeReader inner, LargeMessages large) : PipeReader, IDisposable
{
    private ByteShare? _call;
    private ByteShare? _answer;
    private bool _isLarge;

    /// <summary>Keeps what the answer of the call under way takes until that is written.</summary>
    public void Hold(ByteShare answer)
    {
        _answer?.Dispose();
        _answer = answer;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _isLarge ? ReadLargeAsync(cancellationToken) : inner.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Only here is it known how much is left without a price for each read, and for each connection that waits for one.
        _isLarge = Length(consumed, examined) > LargeMessages.Small;
        inner.AdvanceTo(consumed, examined);
        _answer?.Dispose();
        _answer = null;
        if (_isLarge) return;
        _call?.Dispose();
        _call = null;
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        inner.Complete(exception);
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _answer?.Dispose();
        _call?.Dispose();
    }

    private async ValueTask<ReadResult> ReadLargeAsync(CancellationToken cancellationToken)
    {
        try
        {
            // How large the call will be is not known before its end.
            _call ??= await large.TakeAsync(CommandText.MaxBytes, cancellationToken);
        }
        catch (GatewayException refusal)
        {
            throw HubRefusal.Create(refusal);
        }

        using var tooSlow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _call.BeginTransfer(tooSlow.Cancel);
        try
        {
            return await inner.ReadAsync(tooSlow.Token);
        }
        catch (OperationCanceledException) when (_call.HasEnded)
        {
            throw HubRefusal.Create(large.TooSlow());
        }
        finally
        {
            _call.FinishTransfer();
        }
    }

    private static long Length(SequencePosition from, SequencePosition to) => (from.GetObject(), to.GetObject()) switch
    {
        (ReadOnlySequenceSegment<byte> first, ReadOnlySequenceSegment<byte> last) => last.RunningIndex + to.GetInteger() - first.RunningIndex - from.GetInteger(),
        _ => to.GetInteger() - from.GetInteger(),
    };
}

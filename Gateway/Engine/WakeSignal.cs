using System.Threading.Channels;

namespace Gateway.Engine;

/// <summary>Wakes one waiting loop; several signals before it waits again count as one.</summary>
internal sealed class WakeSignal
{
    // One waiting signal wakes the loop as well as many, so a further one is dropped.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Wakes the loop, now or when it waits next.</summary>
    public void Set() => _signal.Writer.TryWrite(true);

    /// <summary>Waits for the next signal; false when none comes in this time.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, TimeProvider time)
    {
        using var late = new CancellationTokenSource(timeout, time);
        try
        {
            return await _signal.Reader.ReadAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits for the next signal.</summary>
    public async ValueTask WaitAsync() => await _signal.Reader.ReadAsync();
}

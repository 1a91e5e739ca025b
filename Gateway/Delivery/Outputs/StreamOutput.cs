namespace Gateway.Delivery.Outputs;

/// <summary>Writes to the upgraded stream: the way of TLS connections.</summary>
public sealed class StreamOutput(Stream stream) : FrameOutput
{
    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames) => stream.WriteAsync(frames);
}

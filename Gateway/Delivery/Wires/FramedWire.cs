using System.Buffers;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Delivery.Wires;

/// <summary>A wire that puts each message of another one into a frame of the protocol below.</summary>
internal abstract class FramedWire(Wire messages) : Wire(messages.Traffic)
{
    // A thread keeps its buffer unless an event was as large as few are.
    private const int MaxKept = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_message;

    /// <inheritdoc/>
    public sealed override void Write(LoggedEvent logged, IBufferWriter<byte> output)
    {
        var message = Take();
        messages.Write(logged, message);
        WriteFrame(message.WrittenSpan, output);
        Keep(message);
    }

    /// <inheritdoc/>
    public sealed override void WriteRefusal(SessionEvent<ExecutionError> refusal, IBufferWriter<byte> output)
    {
        var message = Take();
        messages.WriteRefusal(refusal, message);
        WriteFrame(message.WrittenSpan, output);
        Keep(message);
    }

    /// <summary>Writes a frame around a message.</summary>
    protected abstract void WriteFrame(ReadOnlySpan<byte> message, IBufferWriter<byte> output);

    // Taken away while it is used: the inner wire may be a framed one, too.
    private static ArrayBufferWriter<byte> Take()
    {
        var message = t_message ?? new ArrayBufferWriter<byte>(512);
        t_message = null;
        return message;
    }

    private static void Keep(ArrayBufferWriter<byte> message)
    {
        if (message.Capacity > MaxKept) return;
        message.ResetWrittenCount();
        t_message = message;
    }
}

using System.Text.Json;
using System.Threading.Channels;
using Gateway.Delivery.Outputs;
using Gateway.Transport;

namespace Gateway.Tests.Infrastructure;

/// <summary>A client without a socket: keeps the messages it is sent.</summary>
internal sealed class RecordingOutput : FrameOutput
{
    private readonly Channel<JsonElement> _messages = Channel.CreateUnbounded<JsonElement>();

    /// <summary>Whether every message has been read.</summary>
    public bool IsEmpty => _messages.Reader.Count == 0;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        while (!frames.IsEmpty)
        {
            var (header, payload, _) = WebSocketFrame.ReadHeader(frames.Span);
            _messages.Writer.TryWrite(JsonSerializer.Deserialize<JsonElement>(frames.Span.Slice(header, payload)));
            frames = frames[(header + payload)..];
        }

        return ValueTask.CompletedTask;
    }

    public async Task<List<JsonElement>> ReadAsync(int count)
    {
        var messages = new List<JsonElement>();
        while (messages.Count < count) messages.Add(await Wait.For(_messages.Reader.ReadAsync().AsTask(), $"message {messages.Count + 1} of {count}"));
        return messages;
    }
}

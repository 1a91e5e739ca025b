using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Inbox;

/// <summary>One frame for watchers of the inbox; what they are sent is encoded once for all of them.</summary>
internal sealed class InboxMessage(InboxFrame frame)
{
    private byte[]? _json;

    /// <summary>The frame.</summary>
    public InboxFrame Frame { get; } = frame;

    /// <summary>The frame as JSON, UTF-8.</summary>
    public byte[] Json => _json ??= JsonSerializer.SerializeToUtf8Bytes(Frame, ContractsJson.Wire.InboxFrame);
}

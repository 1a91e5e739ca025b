using Gateway.Refusals;

namespace Gateway.Doors.WebSockets;

/// <summary>A frame is refused because it is not of the form that every command has.</summary>
internal sealed class CommandFrameException(GatewayException refusal, string? id, string? command) : Exception(refusal.Message, refusal)
{
    /// <summary>Why.</summary>
    public GatewayException Refusal { get; } = refusal;

    /// <summary>The frame's id, as far as it could be read.</summary>
    public string? Id { get; } = id;

    /// <summary>The frame's command, as far as it could be read.</summary>
    public string? Command { get; } = command;
}

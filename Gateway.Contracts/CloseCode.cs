namespace Gateway.Contracts;

/// <summary>WebSocket close codes of <c>/ws</c>; a close frame from the server means: do not reconnect in the same way.</summary>
/// <remarks>When the server shuts down it drops connections without a close frame, so that known clients reconnect. Codes are those of RFC 6455.</remarks>
public static class CloseCode
{
    /// <summary>Reply to the client's own close.</summary>
    public const int Normal = 1000;

    /// <summary>The client broke the WebSocket protocol.</summary>
    public const int ProtocolError = 1002;

    /// <summary>A binary message; <c>/ws</c> speaks text.</summary>
    public const int UnsupportedData = 1003;

    /// <summary>A text message that is not UTF-8.</summary>
    public const int InvalidPayload = 1007;

    /// <summary>Refused by policy: a limit, or a reader that made no progress.</summary>
    public const int PolicyViolation = 1008;

    /// <summary>A message over the size limit.</summary>
    public const int MessageTooBig = 1009;
}

namespace Gateway.Client;

/// <summary>The gateway refused a command, or could not be reached.</summary>
/// <remarks>Decide by <see cref="Code"/>; the message is a sentence for people and may change.</remarks>
public sealed class GatewayClientException : Exception
{
    /// <summary>Makes an exception with a stable code and a sentence.</summary>
    public GatewayClientException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Stable code: one of <see cref="Contracts.ErrorCode"/> or <see cref="ClientErrorCode"/>.</summary>
    public string Code { get; }
}

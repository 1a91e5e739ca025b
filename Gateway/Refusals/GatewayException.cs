namespace Gateway.Refusals;

/// <summary>A request is refused; the same code and sentence go out on every wire.</summary>
/// <param name="code">One of <see cref="Contracts.ErrorCode"/>.</param>
/// <param name="message">A sentence for people that names the thing and the way out.</param>
/// <param name="reason">What led to the refusal; goes into the gateway's log and never to a client.</param>
public sealed class GatewayException(string code, string message, Exception? reason = null) : Exception(message, reason)
{
    /// <summary>One of <see cref="Contracts.ErrorCode"/>.</summary>
    public string Code { get; } = code;

    /// <summary>When it is worth trying again; null when time alone does not help.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}

namespace Gateway.Client;

/// <summary>Codes the client itself gives, beside the gateway's <see cref="Contracts.ErrorCode"/>.</summary>
public static class ClientErrorCode
{
    /// <summary>The gateway could not be reached, or the retry policy gave up.</summary>
    public const string ConnectionFailed = "connection_failed";

    /// <summary>The connection broke while a command was under way; whether it was carried out is not known.</summary>
    public const string ConnectionLost = "connection_lost";

    /// <summary>The gateway closed the connection and said not to come back.</summary>
    public const string ConnectionRefused = "connection_refused";

    /// <summary>A session that is read as a chat client's response was cancelled.</summary>
    public const string SessionCancelled = "session_cancelled";

    /// <summary>Events are missing again and again, most likely of a kind this client cannot read.</summary>
    public const string EventsMissing = "events_missing";
}

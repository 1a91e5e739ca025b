using Gateway.Contracts;

namespace Gateway.Refusals;

/// <summary>The refusal of whatever needs a session log that does not work.</summary>
internal static class StorageRefusal
{
    /// <summary>Creates the refusal; the message of its <paramref name="reason"/> is for the gateway's own log.</summary>
    public static GatewayException Create(Exception reason) => new(
        ErrorCode.StorageUnavailable,
        (reason as IClientSentence)?.ForClients ?? "The session log cannot be read or written at the moment. Nothing is lost: sessions go on by themselves once it works again; try again then.",
        reason);
}

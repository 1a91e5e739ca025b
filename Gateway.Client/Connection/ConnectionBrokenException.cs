namespace Gateway.Client.Connection;

/// <summary>The connection ended before a call was answered; turned into something public further up.</summary>
/// <param name="sent">False when the call never left this process.</param>
/// <param name="innerException">How the end showed.</param>
internal sealed class ConnectionBrokenException(bool sent, Exception? innerException)
    : Exception("The connection to the gateway was lost.", innerException)
{
    public bool Sent { get; } = sent;
}

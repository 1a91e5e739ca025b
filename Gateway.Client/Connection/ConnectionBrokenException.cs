namespace Gateway.Client.Connection;

/// <summary>The connection ended before a call was answered; the client turns this into a public exception.</summary>
/// <param name="sent">False when the call never left this process.</param>
/// <param name="innerException">The error by which the end was noticed; null when there is none.</param>
internal sealed class ConnectionBrokenException(bool sent, Exception? innerException)
    : Exception("The connection to the gateway was lost.", innerException)
{
    public bool Sent { get; } = sent;
}

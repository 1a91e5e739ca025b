namespace Gateway.Doors.WebSockets;

/// <summary>Ends what a connection is still doing some time after its client has left.</summary>
/// <remarks>One object, since every idle connection holds it.</remarks>
/// <param name="patience">How long a command of a client that has left may take.</param>
internal sealed class ConnectionEnd(TimeSpan patience) : CancellationTokenSource
{
    /// <summary>The client has left: what it sent before is still done, but nothing hangs for it.</summary>
    public void ClientLeft() => CancelAfter(patience);
}

using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Puts a session's entry right where it does not agree with its events.</summary>
internal sealed class MendOperation(string sessionId, string? status) : WriteOperation<bool>
{
    protected override bool Write(WriterConnection connection) => connection.Mend(sessionId, status);
}

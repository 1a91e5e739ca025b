using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Deletes a session; its events are removed bit by bit afterwards.</summary>
internal sealed class DeleteOperation(string sessionId) : WriteOperation<bool>
{
    protected override bool Write(WriterConnection connection) => connection.Delete(sessionId);
}

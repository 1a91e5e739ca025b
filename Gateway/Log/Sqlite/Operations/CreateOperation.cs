using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Creates a session's log; results in the header that is there already, or null.</summary>
internal sealed class CreateOperation(SessionHeader header, byte[] json) : WriteOperation<SessionHeader?>
{
    protected override SessionHeader? Write(WriterConnection connection) => connection.Create(header, json);
}

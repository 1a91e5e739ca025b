using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Moves a follower's cursor in a session.</summary>
internal sealed class MoveCursorOperation(string follower, string sessionId, long seq) : WriteOperation<bool>
{
    public override bool IsShort => true;

    protected override bool Write(WriterConnection connection)
    {
        connection.MoveCursor(follower, sessionId, seq);
        return true;
    }
}

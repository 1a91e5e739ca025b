using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Notes whether a follower stands still.</summary>
internal sealed class HaltOperation(string follower, string? reason) : WriteOperation<bool>
{
    public override bool IsShort => true;

    protected override bool Write(WriterConnection connection)
    {
        connection.DeadLetters.Halt(follower, reason);
        return true;
    }
}

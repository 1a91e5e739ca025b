using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Removes a dead letter.</summary>
internal sealed class RemoveDeadLetterOperation(string follower, string id) : WriteOperation<bool>
{
    public override bool IsShort => true;

    protected override bool Write(WriterConnection connection)
    {
        return connection.DeadLetters.Remove(follower, id);
    }
}

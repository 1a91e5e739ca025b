using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Makes a follower of the log known.</summary>
internal sealed class FollowOperation(string follower) : WriteOperation<bool>
{
    protected override bool Write(WriterConnection connection)
    {
        connection.Follow(follower);
        return true;
    }
}

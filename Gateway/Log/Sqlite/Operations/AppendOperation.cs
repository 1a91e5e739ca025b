using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Appends encoded events to a session's log.</summary>
internal sealed class AppendOperation(string sessionId, long lastSeq, byte[][] frames, SessionStanding standing, DateTime updatedAt) : WriteOperation<bool>
{
    // About a millisecond.
    private const int MaxShort = 256;

    public override bool IsShort => frames.Length <= MaxShort;

    public override int Events => frames.Length;

    protected override bool Write(WriterConnection connection)
    {
        connection.Append(sessionId, lastSeq, frames, standing, updatedAt);
        return true;
    }
}

using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Replaces runs of token chunks of a finished session by merged events.</summary>
internal sealed class MergeOperation(long session, IReadOnlyList<EncodedRun> runs, bool isLast) : WriteOperation<bool>
{
    protected override bool Write(WriterConnection connection)
    {
        foreach (var run in runs) connection.Merge(session, run);
        if (isLast) connection.MarkCompacted(session);
        return true;
    }
}

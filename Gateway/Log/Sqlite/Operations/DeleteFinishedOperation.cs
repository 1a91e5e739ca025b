using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Deletes finished sessions that are too old or too many; results in their ids.</summary>
internal sealed class DeleteFinishedOperation(DateTime? olderThan, int? keepNewest, int limit) : WriteOperation<IReadOnlyList<string>>
{
    protected override IReadOnlyList<string> Write(WriterConnection connection) => connection.DeleteFinished(olderThan, keepNewest, limit);
}

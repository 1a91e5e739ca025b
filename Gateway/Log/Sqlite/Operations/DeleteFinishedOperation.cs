using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Deletes finished sessions that a reader has found to be too old or too many; results in their ids.</summary>
internal sealed class DeleteFinishedOperation(IReadOnlyCollection<DoomedSession> doomed) : WriteOperation<IReadOnlyList<string>>
{
    protected override IReadOnlyList<string> Write(WriterConnection connection) => connection.Delete(doomed);
}

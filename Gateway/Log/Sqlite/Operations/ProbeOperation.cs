using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Writes something and removes it again, to see whether that is possible.</summary>
internal sealed class ProbeOperation : WriteOperation<bool>
{
    protected override bool Write(WriterConnection connection)
    {
        connection.Probe();
        return true;
    }
}

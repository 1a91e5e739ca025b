using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite;

/// <summary>Whether the log's name still leads to the file that is open, and whether what lies beside the file is its own.</summary>
/// <remarks>
/// SQLite reads a write-ahead log (<c>-wal</c>) into whatever database lies beside it. When the database was replaced, by a
/// backup for example, that wrecks it: so a write-ahead log whose database is gone is put aside under another name.
/// </remarks>
internal sealed class LogFileState(string path, LogFileLock? held)
{
    private const string WalSuffix = "-wal";

    // What a note says in place of a write-ahead log.
    private const string Closed = "closed";
    private const string AsideSuffix = ".aside";

    // Of SQLite's file format: the version it takes to write the file, which is 2 while a write-ahead log belongs to it.
    private const int WriteVersionAt = 18;
    private const byte WithWal = 2;

    private FileIdentity? _file;
    private FileIdentity? _wal;
    private bool _replaced;

    /// <summary>What the start found, before SQLite has opened the file: null, or a sentence for the operator.</summary>
    /// <param name="isHint">Whether that may be no trouble at all.</param>
    public string? LookBeforeOpening(out bool isHint)
    {
        isHint = false;
        var wal = path + WalSuffix;
        var note = held?.Note.Split(' ');
        if (note is [var file, var itsWal] && FileIdentity.Of(wal)?.ToString() == itsWal && FileIdentity.Of(path) is { } now && now.ToString() != file)
        {
            return $"The session log {path} was replaced by another file while its write-ahead log had events of the file before. They do not belong to the new file and are put aside as {Aside(wal)}.";
        }

        // A gateway that ends in order leaves no write-ahead log, and notes so. An empty note is one of an older version, which did not.
        if (File.Exists(wal) || !UsesWal()) return null;
        if (note is [_, not Closed])
        {
            return $"The session log {path} was in use when it was last written, and its write-ahead log ({Path.GetFileName(wal)}) is not beside it: its newest events are missing. Whoever copies or moves the file while it is in use takes both, or uses sqlite3's .backup.";
        }

        isHint = held is { IsNew: true };
        return isHint ? $"The session log {path} is new at this place. If it was copied while a gateway had it open, and without its write-ahead log ({Path.GetFileName(wal)}), its newest events are missing." : null;
    }

    /// <summary>Remembers which file is open now.</summary>
    public void Opened()
    {
        _file = FileIdentity.Of(path);
        NoteWal();
    }

    /// <summary>Notes that the file was closed in order; only once SQLite has taken the write-ahead log into it.</summary>
    public void ClosedInOrder()
    {
        if (held is not null && !_replaced && !File.Exists(path + WalSuffix)) held.Note = $"{_file} {Closed}";
    }

    /// <summary>Null while the name leads to the open file; else what has happened, as it follows "The session log".</summary>
    public string? Look()
    {
        if (_replaced) return Replaced;
        var now = FileIdentity.Of(path);
        if (now is null && !File.Exists(path)) return "has been deleted or moved";
        if (now == _file || _file is null)
        {
            NoteWal();
            return null;
        }

        _replaced = true;
        if (_wal is not null && FileIdentity.Of(path + WalSuffix) == _wal) Aside(path + WalSuffix);
        return Replaced;
    }

    private static string Replaced => "has been replaced by another file";

    private void NoteWal()
    {
        var wal = FileIdentity.Of(path + WalSuffix);
        if (wal is null || wal == _wal) return;
        _wal = wal;
        if (held is not null) held.Note = $"{_file} {_wal}";
    }

    private static string Aside(string wal)
    {
        var aside = wal + AsideSuffix;
        File.Move(wal, aside, overwrite: true);
        return aside;
    }

    private bool UsesWal()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var head = new byte[WriteVersionAt + 1];
            return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head[WriteVersionAt] == WithWal;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Opening it says why.
            return false;
        }
    }
}

using System.Globalization;
using Gateway.Files;
using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite;

/// <summary>Whether the log's name still leads to the file that is open, and whether what lies beside the file is its own.</summary>
/// <remarks>
/// SQLite reads a write-ahead log (<c>-wal</c>) into whatever database lies beside it. When the database was replaced, or a
/// backup was copied into it, that wrecks it: so a write-ahead log whose database is gone is put aside under another name.
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

    private readonly string _walPath = path + WalSuffix;
    private FileIdentity? _file;
    private FileIdentity? _wal;
    private LogGeneration? _generation;
    private string? _happened;

    /// <summary>Whether nothing is known yet of the write-ahead log's use.</summary>
    public bool AwaitsNote => _generation is null;

    /// <summary>Whether something else was written into the file: what SQLite has not taken into it yet must not get there.</summary>
    public bool IsOverwritten => _happened == Overwritten;

    private static string Replaced => "has been replaced by another file";

    private static string Overwritten => "has been overwritten by another program";

    /// <summary>What the start found, before SQLite has opened the file: null, or a sentence for the operator.</summary>
    /// <param name="isHint">Whether that may be no trouble at all.</param>
    public string? LookBeforeOpening(out bool isHint)
    {
        isHint = false;
        var note = held?.Note.Split(' ');
        if (note is [var file, var itsWal, ..] && FileIdentity.Of(_walPath)?.ToString() == itsWal && FileIdentity.Of(path) is { } now)
        {
            if (now.ToString() != file) return $"The session log {path} was replaced by another file while its write-ahead log had events of the file before. They do not belong to the new file and are put aside as {Aside()}.";
            if (LogGeneration.Parse(note.AsSpan(2)) is { } noted && LogGeneration.Of(held!, _walPath) is { } generation && !noted.Explains(generation, _walPath))
            {
                return $"The session log {path} was overwritten, by a copy of a backup it seems, while its write-ahead log had events of what it held before. They do not belong to what it holds now and are put aside as {Aside()}.";
            }

            // What SQLite does when it opens the file is not noted, and must not be taken for somebody else's doing.
            held!.Note = $"{file} {itsWal}";
        }

        // A gateway that ends in order leaves no write-ahead log, and notes so. An empty note is one of an older version, which did not.
        if (File.Exists(_walPath) || !UsesWal()) return null;
        if (note is [_, not Closed, ..])
        {
            return $"The session log {path} was in use when it was last written, and its write-ahead log ({Path.GetFileName(_walPath)}) is not beside it: its newest events are missing. Whoever copies or moves the file while it is in use takes both, or uses sqlite3's .backup.";
        }

        isHint = held is { IsNew: true };
        return isHint ? $"The session log {path} is new at this place. If it was copied while a gateway had it open, and without its write-ahead log ({Path.GetFileName(_walPath)}), its newest events are missing." : null;
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
        if (IsOverwritten && File.Exists(_walPath)) Aside();
        if (held is not null && _happened is null && !File.Exists(_walPath)) held.Note = $"{_file} {Closed}";
    }

    /// <summary>Null while the name leads to the open file; else what has happened, as it follows "The session log".</summary>
    public string? Look()
    {
        if (_happened is not null) return _happened;
        var now = FileIdentity.Of(path);
        if (now is null && !File.Exists(path)) return "has been deleted or moved";
        if (now == _file || _file is null) return null;

        _happened = Replaced;
        if (_wal is not null && FileIdentity.Of(_walPath) == _wal) Aside();
        return _happened;
    }

    /// <summary>The same, with a look into the file: whether it still holds what SQLite has written there.</summary>
    public string? LookInside()
    {
        if (Look() is { } happened) return happened;
        if (held is null || _generation is not { } noted || LogGeneration.Of(held, _walPath) is not { } now || noted.Explains(now, _walPath)) NoteWal();
        else _happened = Overwritten;
        return _happened;
    }

    /// <summary>Notes which write-ahead log is in use, and since when: what the next start goes by if this process does not end in order.</summary>
    public void NoteWal()
    {
        if (held is null || _happened is not null || FileIdentity.Of(_walPath) is not { } wal) return;
        var generation = LogGeneration.Of(held, _walPath) ?? _generation;

        // While one use lasts, what was noted at its beginning explains all that may follow.
        if (_generation is { } noted && generation?.Wal == noted.Wal) generation = noted;
        if (wal == _wal && generation == _generation) return;
        _wal = wal;
        _generation = generation;
        held.Note = $"{_file} {_wal} {_generation}".TrimEnd();
    }

    private string Aside()
    {
        // What was put aside earlier stays: it may be all that is left of those events.
        var aside = _walPath + AsideSuffix;
        for (var number = 2; File.Exists(aside); number++) aside = string.Create(CultureInfo.InvariantCulture, $"{_walPath}{AsideSuffix}-{number}");
        File.Move(_walPath, aside);
        return aside;
    }

    private bool UsesWal()
    {
        try
        {
            using var file = RegularFile.OpenRead(path);
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

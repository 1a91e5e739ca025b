namespace Gateway.Files;

/// <summary>A file that is read again when it has changed.</summary>
internal sealed class WatchedFile(string path)
{
    private FileStamp? _readAt;
    private FileStamp? _seenAt;

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Whether it must be read: its stamp is another than when it was read last, and stands still.</summary>
    /// <param name="settles">Whether a change must be seen twice; what is half written, or replaced in two steps, is not read then.</param>
    public bool HasChanged(bool settles)
    {
        var now = FileStamp.Of(Path);
        if (now == _readAt)
        {
            _seenAt = null;
            return false;
        }

        if (settles && _seenAt != now)
        {
            _seenAt = now;
            return false;
        }

        (_readAt, _seenAt) = (now, null);
        return true;
    }
}

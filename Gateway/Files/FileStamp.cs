namespace Gateway.Files;

/// <summary>How a change of a file is noticed without reading it: its length and the time it was written.</summary>
/// <remarks>Of what links lead to, so that a folder whose files are links into another, which is exchanged, is seen to change.</remarks>
internal readonly record struct FileStamp(long Length, DateTime WrittenAt)
{
    /// <summary>The stamp of a file; one of its own, which is no file's, where it cannot be looked at.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            using var file = RegularFile.OpenRead(path);
            return new FileStamp(file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new FileStamp(-1, default);
        }
    }
}

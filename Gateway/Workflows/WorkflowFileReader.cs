using System.Text;

namespace Gateway.Workflows;

/// <summary>Reads a workflow file, YAML or JSON by its extension; never throws, reports.</summary>
internal static class WorkflowFileReader
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxLength = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a file is one this reader reads: <c>.yaml</c>, <c>.yml</c> or <c>.json</c>.</summary>
    public static bool Reads(string path) => Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML" or ".JSON";

    /// <summary>Reads a file.</summary>
    public static WorkflowFile Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxLength) return Unreadable(path, $"The file has {file.Length} bytes; a workflow file has at most {MaxLength}.");
            var content = new byte[file.Length];
            file.ReadExactly(content);
            return Parse(path, content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, $"The file cannot be read: {exception.Message}");
        }
    }

    /// <summary>Reads a file's content; the id is the file's name without extension when the content gives none.</summary>
    /// <param name="path">The file's name, whose extension says how it is written.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="locates">Whether <see cref="WorkflowFile.Locate"/> will be asked; without it, the places are not kept.</param>
    public static WorkflowFile Parse(string path, ReadOnlySpan<byte> content, bool locates = true)
    {
        var problems = new SourceProblems(path);
        var positions = new Dictionary<string, Position>(StringComparer.Ordinal);
        if (content.StartsWith(Encoding.UTF8.Preamble)) content = content[Encoding.UTF8.Preamble.Length..];
        var mapper = new WorkflowMapper(problems, locates ? positions : null);
        try
        {
            var text = StrictUtf8.GetString(content);
            var root = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
                ? JsonSource.Read(content, problems)
                : YamlSource.Read(text, problems);
            var workflow = mapper.Map(root, Path.GetFileNameWithoutExtension(path));
            return new WorkflowFile(path, workflow, problems.All, positions);
        }
        catch (SourceException exception)
        {
            problems.Add(exception);
            return new WorkflowFile(path, null, problems.All, positions);
        }
        catch (DecoderFallbackException exception)
        {
            return Unreadable(path, $"The file is not UTF-8: byte {exception.Index} is wrong.");
        }
    }

    private static WorkflowFile Unreadable(string path, string message) =>
        new(path, null, [new WorkflowFileProblem(path, 0, 0, string.Empty, message)], new Dictionary<string, Position>());
}

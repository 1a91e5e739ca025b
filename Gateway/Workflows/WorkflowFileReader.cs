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
    public static WorkflowFile Parse(string path, ReadOnlySpan<byte> content)
    {
        var problems = new List<WorkflowFileProblem>();
        void Report(Position at, string where, string message) => problems.Add(new WorkflowFileProblem(path, at.Line, at.Column, where, message));

        if (content.StartsWith(Encoding.UTF8.Preamble)) content = content[Encoding.UTF8.Preamble.Length..];
        var mapper = new WorkflowMapper(Report);
        try
        {
            var text = StrictUtf8.GetString(content);
            var root = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
                ? JsonSource.Read(content, Report)
                : YamlSource.Read(text, Report);
            var workflow = mapper.Map(root, Path.GetFileNameWithoutExtension(path));
            return new WorkflowFile(path, workflow, problems, mapper.Positions);
        }
        catch (SourceException exception)
        {
            Report(exception.At, string.Empty, exception.Message);
            return new WorkflowFile(path, null, problems, mapper.Positions);
        }
        catch (DecoderFallbackException exception)
        {
            return Unreadable(path, $"The file is not UTF-8: byte {exception.Index} is wrong.");
        }
    }

    private static WorkflowFile Unreadable(string path, string message) =>
        new(path, null, [new WorkflowFileProblem(path, 0, 0, string.Empty, message)], new Dictionary<string, Position>());
}

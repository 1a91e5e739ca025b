using System.Text;
using Gateway.Files;

namespace Gateway.Workflows;

/// <summary>Reads a workflow file, YAML or JSON by its extension; never throws, reports.</summary>
internal static class WorkflowFileReader
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxLength = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a file is one this reader reads: <c>.yaml</c>, <c>.yml</c> or <c>.json</c>, and not hidden.</summary>
    /// <remarks>A name that begins with a dot is nobody's workflow: editors and systems leave such files beside those they belong to.</remarks>
    public static bool Reads(string path) => !Path.GetFileName(path).StartsWith('.') && Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML" or ".JSON";

    /// <summary>Reads a file.</summary>
    public static WorkflowFile Read(string path)
    {
        try
        {
            return Parse(path, RegularFile.ReadAll(path, MaxLength, length => new InvalidDataException($"The file has {length} bytes; a workflow file has at most {MaxLength}.")));
        }
        catch (InvalidDataException exception)
        {
            return Unreadable(path, exception.Message);
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
        if (SourceEncoding.IsUtf16(content)) return Unreadable(path, "The file is not UTF-8 but UTF-16, it seems; save it as UTF-8.", Position.Start);
        var mapper = new WorkflowMapper(problems, locates ? positions : null);
        try
        {
            var text = StrictUtf8.GetString(content);
            var root = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
                ? JsonSource.Read(content, problems)
                : YamlSource.Read(text, problems);
            var isRewritten = NextIdsGraph.Is(root);
            if (isRewritten) root = NextIdsGraph.Convert(root, problems);
            var workflow = mapper.Map(root, Path.GetFileNameWithoutExtension(path));
            // What a refused alias stands for, or nodes that are no mapping, is unknown, so that further checks would tell only what follows from that.
            return new WorkflowFile(path, HasFault(root) || mapper.IsIncomplete ? null : workflow, problems.All, positions) { IsRewritten = isRewritten };
        }
        catch (SourceException exception)
        {
            problems.Add(exception);
            return new WorkflowFile(path, null, problems.All, positions);
        }
        catch (DecoderFallbackException exception)
        {
            return Unreadable(path, "The file is not UTF-8; it seems to be Latin-1 or Windows-1252. Save it as UTF-8.", SourceEncoding.At(content, exception.Index));
        }
    }

    private static bool HasFault(SourceNode node) => node switch
    {
        SourceFault => true,
        SourceMapping mapping => mapping.Entries.Any(entry => HasFault(entry.Value)),
        SourceList list => list.Items.Any(HasFault),
        _ => false,
    };

    private static WorkflowFile Unreadable(string path, string message, Position at = default) =>
        new(path, null, [new WorkflowFileProblem(path, at.Line, at.Column, string.Empty, message)], new Dictionary<string, Position>());
}

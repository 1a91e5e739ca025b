using System.Text;

namespace Gateway.Workflows;

/// <summary>Tells what a file seems to be that is not UTF-8.</summary>
internal static class SourceEncoding
{
    /// <summary>Whether a file begins as one in UTF-16 does, with its mark or without.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> content) =>
        content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] or [not 0, 0, not 0, 0, ..];

    /// <summary>The place of a byte; what stands before it is UTF-8.</summary>
    public static Position At(ReadOnlySpan<byte> content, int index)
    {
        var before = content[..Math.Clamp(index, 0, content.Length)];
        return new Position(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }
}

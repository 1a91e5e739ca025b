using System.Globalization;
using System.Text;
using ModelContextProtocol.Protocol;

namespace Gateway.Tools.Mcp;

/// <summary>What an MCP server answered, as a text for models.</summary>
internal static class McpResult
{
    /// <summary>Its texts, one below the other; what is no text is named with its size. An answer that is only data is that data, as JSON.</summary>
    public static string Text(CallToolResult result)
    {
        if (result.Content.Count == 0) return result.StructuredContent?.GetRawText() ?? string.Empty;
        var text = new StringBuilder();
        foreach (var block in result.Content)
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(Text(block));
        }

        return text.ToString();
    }

    private static string Text(ContentBlock block) => block switch
    {
        TextContentBlock said => said.Text,
        ImageContentBlock image => Named(image.MimeType, image.Data.Length),
        AudioContentBlock audio => Named(audio.MimeType, audio.Data.Length),
        EmbeddedResourceBlock { Resource: TextResourceContents resource } => resource.Text,
        EmbeddedResourceBlock { Resource: BlobResourceContents resource } => Named(resource.MimeType, resource.Blob.Length),
        ResourceLinkBlock link => $"[{link.Name}: {link.Uri}]",
        _ => $"[{block.Type}]",
    };

    private static string Named(string? type, int length) => string.Create(CultureInfo.InvariantCulture, $"[{type ?? "data"}, {length} bytes]");
}

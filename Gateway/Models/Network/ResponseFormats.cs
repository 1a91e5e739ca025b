using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>How a model is held to JSON, as <c>Gateway:Models:&lt;name&gt;:ResponseFormat</c> says.</summary>
internal static class ResponseFormats
{
    /// <summary>The server is given the schema, where there is one.</summary>
    public const string Schema = "schema";

    /// <summary>The server is told that it is JSON, and the model alone what kind.</summary>
    public const string Json = "json";

    /// <summary>The server is told nothing; the model is, in its instructions.</summary>
    public const string Off = "off";

    /// <summary>What a server is told of the answer.</summary>
    /// <param name="options">How to answer.</param>
    /// <param name="way">One of these names.</param>
    /// <returns>Whether it is JSON, and the schema that it fits; null: any.</returns>
    public static (bool IsJson, JsonNode? Schema) Read(ChatOptions? options, string way)
    {
        if (way == Off || options?.ResponseFormat is not ChatResponseFormatJson format) return (false, null);
        return (true, way == Schema && format.Schema is { } schema ? JsonNode.Parse(schema.GetRawText()) : null);
    }
}

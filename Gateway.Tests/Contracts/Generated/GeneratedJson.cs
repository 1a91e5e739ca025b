using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>How generated JSON is written: indented, the same everywhere, and with letters as they are.</summary>
internal static class GeneratedJson
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode json) => json.ToJsonString(s_options) + "\n";
}

using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Workflows;
using Microsoft.Net.Http.Headers;

namespace Gateway.Doors.Http;

/// <summary>Reads a request's body as the text of a workflow, YAML or JSON by its content type.</summary>
internal static class WorkflowText
{
    /// <summary>The media type of YAML, RFC 9512.</summary>
    public const string Yaml = "application/yaml";

    /// <summary>The media type of JSON.</summary>
    public const string Json = "application/json";

    /// <summary>Names that YAML had before it was given one, and that are still common.</summary>
    public static readonly string[] OlderNames = ["application/x-yaml", "text/yaml", "text/x-yaml"];

    private static readonly BodyLimit s_limit = new(WorkflowFileReader.MaxLength, $"The body is larger than {WorkflowFileReader.MaxLength} bytes, the most that a workflow has.");

    /// <summary>Makes something of the text.</summary>
    public delegate T Reader<out T>(ReadOnlySpan<byte> text, bool isYaml);

    /// <summary>Reads the body.</summary>
    /// <exception cref="GatewayException"><c>unsupported_media_type</c>, <c>message_too_large</c>, <c>limit_exceeded</c>.</exception>
    public static Task<ReadBody<T>> ReadAsync<T>(HttpRequest request, Reader<T> read, LargeMessages large, CancellationToken cancellationToken)
    {
        RequestBody.Require(request, s_limit);
        var isYaml = IsYaml(request);
        if (!isYaml && !request.HasJsonContentType())
        {
            throw new GatewayException(ErrorCode.UnsupportedMediaType, $"The body must be a workflow: send it with 'Content-Type: {Json}' or '{Yaml}'.");
        }

        return RequestBody.ReadAsync(request, s_limit, body => read(body, isYaml), large, cancellationToken);
    }

    private static bool IsYaml(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && OlderNames.Prepend(Yaml).Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase);
}

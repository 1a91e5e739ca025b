using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.Http.Parameters;

/// <summary>A query parameter: reads it, and describes it in the OpenAPI document.</summary>
/// <param name="name">Its name in the query.</param>
/// <param name="description">What it does, as a sentence.</param>
internal abstract class QueryParameter(string name, string description)
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary>Its text; null when it is absent.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: it is there twice.</exception>
    protected string? Text(HttpRequest request)
    {
        var values = request.Query[Name];
        if (values.Count > 1) throw new GatewayException(ErrorCode.InvalidData, $"'{Name}' is there {values.Count} times; give it once.");
        return values.Count == 0 ? null : values[0];
    }
}

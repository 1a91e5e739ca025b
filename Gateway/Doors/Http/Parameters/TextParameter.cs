using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.Http.Parameters;

/// <summary>A text in the query; one of some choices when there are any.</summary>
internal sealed class TextParameter(string name, string description, params string[] choices) : QueryParameter(name, description)
{
    public IReadOnlyList<string> Choices { get; } = choices;

    /// <summary>Its value; null when it is absent.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: none of the choices.</exception>
    public string? Read(HttpRequest request)
    {
        var text = Text(request);
        if (text is null || Choices.Count == 0 || Choices.Contains(text)) return text;
        throw new GatewayException(ErrorCode.InvalidData, $"'{Name}' must be one of {string.Join(", ", Choices)}.");
    }
}

using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Settings;

namespace Gateway.Doors.Http.Parameters;

/// <summary>A length of time in the query, written as in the settings.</summary>
internal sealed class TimeParameter(string name, string description) : QueryParameter(name, description)
{
    /// <summary>Its value; null when it is absent.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: no length of time, or a negative one.</exception>
    public TimeSpan? Read(HttpRequest request)
    {
        if (Text(request) is not { } text) return null;
        if (Duration.TryParse(text, out var time) && time >= TimeSpan.Zero) return time;
        throw new GatewayException(ErrorCode.InvalidData, $"'{Name}' must be a length of time such as 30s, 10m, 24h or 7d.");
    }
}

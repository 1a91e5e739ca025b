using System.Globalization;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.Http.Parameters;

/// <summary>A whole number in the query.</summary>
internal sealed class WholeNumberParameter(string name, string description, long min, long max, long fallback) : QueryParameter(name, description)
{
    public long Min { get; } = min;

    public long Max { get; } = max;

    public long Default { get; } = fallback;

    /// <summary>Its value, or the default when it is absent.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: not a whole number, or out of range.</exception>
    public long Read(HttpRequest request)
    {
        if (Text(request) is not { } text) return Default;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= Min && value <= Max) return value;

        var range = Min == long.MinValue && Max == long.MaxValue ? "of at most 64 bits" : Max == long.MaxValue ? $"{Min} or more" : $"from {Min} to {Max}";
        throw new GatewayException(ErrorCode.InvalidData, $"'{Name}' must be a whole number, {range}.");
    }
}

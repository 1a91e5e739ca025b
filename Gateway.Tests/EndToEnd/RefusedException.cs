namespace Gateway.Tests.EndToEnd;

/// <summary>The gateway refused a command, on whichever wire.</summary>
public sealed class RefusedException(string code) : Exception($"Refused: {code}")
{
    public string Code { get; } = code;
}

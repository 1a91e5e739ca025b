namespace Gateway.Commands;

/// <summary>The numbers of what this room logs.</summary>
internal static class CommandsEvents
{
    public const int Refused = 4501;
    public const int LogUnusable = 4502;
    public const int Failed = 4503;
}

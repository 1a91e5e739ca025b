namespace Gateway.Doors.Hubs;

/// <summary>The numbers of what this door logs.</summary>
internal static class HubsEvents
{
    public const int UnreadableMessage = 5201;
}

namespace Gateway.Transport;

/// <summary>The numbers of the log events of the transport: 4700 to 4799.</summary>
internal static class TransportEvents
{
    public const int DoorOpen = 4700;
    public const int DoorShut = 4701;
    public const int DescriptorsShort = 4710;
    public const int DescriptorsFree = 4711;
}

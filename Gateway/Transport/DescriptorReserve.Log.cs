namespace Gateway.Transport;

internal sealed partial class DescriptorReserve
{
    [LoggerMessage(TransportEvents.DescriptorsShort, LogLevel.Error, "New connections are refused: the system lets the gateway have {Limit} files and sockets open, and {Limit} less a reserve of {Reserve} are; raise the limit (ulimit -n, LimitNOFILE of systemd, --ulimit nofile of Docker)")]
    private partial void LogShort(int limit, int reserve);

    [LoggerMessage(TransportEvents.DescriptorsFree, LogLevel.Information, "New connections are taken again; {Refused} were refused")]
    private partial void LogFree(long refused);
}

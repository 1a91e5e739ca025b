namespace Gateway.Shutdown;

internal sealed partial class Drain
{
    [LoggerMessage(ShutdownEvents.Begun, LogLevel.Information, "Shutting down: {Sessions} sessions pause, then {Connections} connections are let go")]
    private partial void LogBegun(int sessions, int connections);

    [LoggerMessage(ShutdownEvents.PauseFailed, LogLevel.Error, "The sessions could not be paused; the next start recovers them from their logs")]
    private partial void LogPauseFailed(Exception exception);

    [LoggerMessage(ShutdownEvents.Cut, LogLevel.Information, "{Connections} connections had not taken everything in time and are cut; their clients can come back with their seq")]
    private partial void LogCut(int connections);

    [LoggerMessage(ShutdownEvents.Done, LogLevel.Information, "All sessions are paused and all connections let go")]
    private partial void LogDone();
}

namespace Gateway.Engine;

/// <summary>The numbers of this folder's log events, from 3000.</summary>
internal static class EngineEvents
{
    public const int SessionStarted = 3000;
    public const int SessionPaused = 3001;
    public const int SessionEnded = 3002;
    public const int SessionError = 3003;
    public const int StorageFailed = 3004;
    public const int WriterConflict = 3005;
    public const int SessionBug = 3006;
    public const int SessionCannotFail = 3007;
    public const int SessionDamaged = 3008;
    public const int SessionTooLarge = 3009;
    public const int SessionWithoutMemory = 3010;

    public const int Recovered = 3020;
    public const int CannotList = 3021;
    public const int CannotRecover = 3022;
    public const int LogDamaged = 3023;
    public const int StopTimedOut = 3024;
    public const int CannotRecoverYet = 3025;
    public const int EndedByForce = 3026;
}

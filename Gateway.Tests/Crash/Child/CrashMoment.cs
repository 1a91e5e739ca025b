namespace Gateway.Tests.Crash.Child;

/// <summary>When, around a call of the log, the process is killed.</summary>
internal enum CrashMoment
{
    /// <summary>Before the store hears of it.</summary>
    Before,

    /// <summary>While the store is at work on it: it may be committed or not.</summary>
    During,

    /// <summary>Once it is committed, before anybody was told.</summary>
    After,

    /// <summary>Once a client has seen it; then the test kills, not the gateway.</summary>
    Seen,
}

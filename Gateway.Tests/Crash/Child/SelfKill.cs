using System.Diagnostics;

namespace Gateway.Tests.Crash.Child;

/// <summary>Ends this process as SIGKILL does: at once, with nothing flushed, nothing disposed and no handler run.</summary>
internal static class SelfKill
{
    /// <returns>Never; to be thrown, so that the compiler knows.</returns>
    public static Exception Now()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        return new InvalidOperationException("SIGKILL returned.");
    }
}

using System.Globalization;

namespace Gateway.Tests.Crash.Child;

/// <summary>What a test tells a gateway in a process of its own; travels as environment variables.</summary>
/// <param name="Life">Which process on the same data it is, from 1.</param>
/// <param name="Ledger">The file that every model call is noted in.</param>
/// <param name="Crash">Where it kills itself; null: nowhere.</param>
internal sealed record ChildSettings(int Life, string Ledger, CrashPoint? Crash)
{
    private const string LifeName = "CRASH_LIFE";
    private const string LedgerName = "CRASH_LEDGER";
    private const string CrashName = "CRASH_AT";

    public static ChildSettings Read() => new(
        int.Parse(Environment.GetEnvironmentVariable(LifeName)!, CultureInfo.InvariantCulture),
        Environment.GetEnvironmentVariable(LedgerName)!,
        Environment.GetEnvironmentVariable(CrashName) is { Length: > 0 } crash ? CrashPoint.Parse(crash) : null);

    public void Write(IDictionary<string, string?> environment)
    {
        environment[LifeName] = Life.ToString(CultureInfo.InvariantCulture);
        environment[LedgerName] = Ledger;
        environment[CrashName] = Crash?.ToString();
    }
}

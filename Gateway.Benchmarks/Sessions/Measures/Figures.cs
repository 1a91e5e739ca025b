using System.Globalization;

namespace Gateway.Benchmarks.Sessions.Measures;

/// <summary>What was measured of one contender in one round.</summary>
/// <param name="EventsPerSecond">Events that reached viewers.</param>
/// <param name="CpuPerEvent">The server's processor time for one of them, in microseconds.</param>
/// <param name="LoadPerEvent">The load's, in microseconds.</param>
/// <param name="P50">Half of them were on their way for less, in milliseconds.</param>
/// <param name="P90">Nine of ten.</param>
/// <param name="P99">99 of 100.</param>
/// <param name="Longest">The longest.</param>
/// <param name="Silence">The longest time in which no viewer received anything, in milliseconds.</param>
/// <param name="PerSession">Resident memory that a running session with its viewers has added, in KiB.</param>
/// <param name="Counts">What the server counted of itself meanwhile; null where it counts nothing.</param>
internal sealed record Figures(double EventsPerSecond, double CpuPerEvent, double LoadPerEvent, double P50, double P90, double P99, double Longest, double Silence, double PerSession, ServerCounts? Counts)
{
    /// <summary>The head of the table.</summary>
    public const string Header =
        """
        | contender | events/s | CPU us an event | load's CPU us an event | p50 ms | p90 ms | p99 ms | longest ms | longest silence ms | events a commit | appends a commit | events a write | KiB a session | bytes allocated an event | collections: pause ms |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """;

    /// <summary>Its row.</summary>
    public string Row(string name) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {EventsPerSecond:0} | {CpuPerEvent:0.0} | {LoadPerEvent:0.0} | {P50:0.0} | {P90:0.0} | {P99:0.0} | {Longest:0} | {Silence:0} | {Own(counts => Ratio(counts.Appended, counts.Commits))} | {Own(counts => Ratio(counts.Appends, counts.Commits))} | {Own(counts => Ratio(counts.Sent, counts.Writes))} | {PerSession:0} | {Own(counts => Ratio(counts.Allocated, counts.Appended, "0"))} | {Own(counts => string.Create(CultureInfo.InvariantCulture, $"{counts.Collections}: {counts.PauseMilliseconds:0}"))} |");

    private string Own(Func<ServerCounts, string> read) => Counts is null ? "" : read(Counts);

    private static string Ratio(long of, long to, string format = "0.0") => to == 0 ? "" : ((double)of / to).ToString(format, CultureInfo.InvariantCulture);
}

using System.Collections.Concurrent;
using Gateway.Tests.Crash.Child;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A gateway in a process of its own is killed with SIGKILL, and nothing that anybody saw is lost.</summary>
public sealed class KillMatrixTests
{
    /// <summary>How many runs of the matrix there are; each kills at one point or at several.</summary>
    private const int KillRuns = 47;

    private const int AtOnce = 2;

    // Each kind of append of the reference session. The third node to complete is one of the branches.
    private static readonly CrashPoint[] Appends =
    [
        new(CrashMoment.Before, CrashKind.Start),
        new(CrashMoment.Before, CrashKind.Thinking),
        new(CrashMoment.Before, CrashKind.Token, 20),
        new(CrashMoment.Before, CrashKind.Usage),
        new(CrashMoment.Before, CrashKind.ParallelStart),
        new(CrashMoment.Before, CrashKind.NodeFailed),
        new(CrashMoment.Before, CrashKind.NodeCompleted, 3),
        new(CrashMoment.Before, CrashKind.AwaitingInput),
        new(CrashMoment.Before, CrashKind.UserPause),
        new(CrashMoment.Before, CrashKind.Answer),
        new(CrashMoment.Before, CrashKind.End),
    ];

    private static readonly CrashPoint InFlight = new(CrashMoment.After, CrashKind.Token, 5);

    private static readonly CrashPoint Paused = new(CrashMoment.After, CrashKind.UserPause);

    [Fact]
    public async Task Session_goes_on_whole_after_sigkill_at_every_point()
    {
        var runs = Runs().ToList();
        Assert.Equal(KillRuns, runs.Count);

        var failures = new ConcurrentQueue<string>();
        var start = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (points, _) =>
        {
            try
            {
                await CrashRun.RunAsync(points);
            }
            catch (Exception exception)
            {
                failures.Enqueue($"Killed at {string.Join(", then ", points.Select(point => point.ToString()))}: {exception}");
            }
        });

        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{runs.Sum(points => points.Length)} kills in {runs.Count} runs, {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0} s.");
        foreach (var points in runs) output.WriteLine(string.Join(", then ", points.Select(point => point.ToString())));
        Assert.True(failures.IsEmpty, $"{failures.Count} of {runs.Count} runs failed:\n{string.Join("\n\n", failures)}");
    }

    private static IEnumerable<CrashPoint[]> Runs()
    {
        // The longest first: one session that dies before one kind of append after another. Without the failed node, which
        // may fail before a branch completes or after it: the next point must still lie ahead.
        yield return [.. Appends.Where(point => point.Kind != CrashKind.NodeFailed).Select(point => point with { Occurrence = 1 })];

        foreach (var moment in new[] { CrashMoment.Before, CrashMoment.During, CrashMoment.After })
        {
            foreach (var point in Appends) yield return [point with { Moment = moment }];
        }

        yield return [new(CrashMoment.Before, CrashKind.Create)];
        yield return [new(CrashMoment.After, CrashKind.Create)];

        foreach (var kind in new[] { CrashKind.Token, CrashKind.NodeCompleted, CrashKind.AwaitingInput, CrashKind.UserPause }) yield return [new(CrashMoment.Seen, kind)];

        // During recovery: listing, finding and folding, and the append that starts the new attempt.
        yield return [InFlight, new(CrashMoment.Before, CrashKind.ListUnfinished), new(CrashMoment.After, CrashKind.Find)];
        yield return [InFlight, new(CrashMoment.Before, CrashKind.Read, 2)];
        yield return [InFlight, new(CrashMoment.Before, CrashKind.NewAttempt)];
        yield return [InFlight, new(CrashMoment.During, CrashKind.NewAttempt)];
        yield return [InFlight, new(CrashMoment.After, CrashKind.NewAttempt), new(CrashMoment.After, CrashKind.NewAttempt), new(CrashMoment.Before, CrashKind.NewAttempt)];
        yield return [Paused, new(CrashMoment.After, CrashKind.Read)];
        yield return [new(CrashMoment.After, CrashKind.AwaitingInput), new(CrashMoment.After, CrashKind.Read)];
    }
}

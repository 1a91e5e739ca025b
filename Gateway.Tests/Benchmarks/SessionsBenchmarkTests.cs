extern alias Benchmarks;

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Benchmarks::Gateway.Benchmarks.Sessions.Contenders;
using Benchmarks::Gateway.Benchmarks.Sessions.Measures;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Benchmarks;

/// <summary>The benchmark of many sessions: it runs, and counts what is there.</summary>
public sealed class SessionsBenchmarkTests
{
    [Fact]
    public async Task It_measures_both_stores()
    {
        var start = new ProcessStartInfo(Tool.DotNet,
        [
            Repository.ProgramOf("Gateway.Benchmarks"), "sessions", "--sessions", "5", "--rate", "50", "--store", "both", "--seconds", "1", "--warmup", "0.2", "--pin", "off",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Wait.For(process.WaitForExitAsync(), "the end of the benchmark");
        var words = await output + await errors;
        Assert.True(process.ExitCode == 0, words);

        foreach (var store in (string[])["sqlite", "memory"])
        {
            var row = words.Split('\n').Single(line => line.StartsWith($"| {store} |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);
            Assert.True(Number(row[2]) > 0, words);
            Assert.True(Number(row[3]) > 0, words);

            // Events a commit, and a write: at least one, and counted by the gateway itself.
            Assert.True(Number(row[10]) >= 1, words);
            Assert.True(Number(row[12]) >= 1, words);
        }
    }

    [Fact]
    public void Payloads_are_found_however_the_stream_is_cut()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var sent = new List<string>();
        var stream = new MemoryStream();
        stream.Write("INFO {\"a\":1}\r\nPING\r\n"u8);
        for (var i = 0; i < 300; i++)
        {
            // Some are longer than the reader's first buffer, and some look like the protocol itself.
            var payload = i % 7 == 0 ? "MSG s 1 5\r\n" : new string((char)('a' + (i % 26)), random.Next(i % 50 == 1 ? 60_000 : 300));
            sent.Add(payload);
            stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"MSG s{i} 1 {payload.Length}\r\n{payload}\r\n")));
        }

        var read = new List<string>();
        var reader = new NatsReader(payload => read.Add(Encoding.ASCII.GetString(payload)));
        for (var rest = stream.ToArray().AsSpan(); !rest.IsEmpty;)
        {
            var room = reader.Room.Span;
            var length = Math.Min(Math.Min(rest.Length, room.Length), random.Next(1, 5000));
            rest[..length].CopyTo(room);
            reader.Read(length);
            rest = rest[length..];
        }

        Assert.True(sent.SequenceEqual(read), $"seed {seed}");
    }

    [Fact]
    public void Percentiles_are_right_within_a_thirty_second()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var latencies = new Latencies();
        var times = Enumerable.Range(0, 10_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 7)).ToList();
        foreach (var time in times) latencies.Add(TimeSpan.FromMicroseconds(time));

        times.Sort();
        foreach (var share in (double[])[0.01, 0.5, 0.9, 0.99, 1])
        {
            var right = times[(int)Math.Ceiling(times.Count * share) - 1];
            var told = latencies.Percentile(share).TotalMicroseconds;
            Assert.True(told >= right && told <= (right * 33 / 32) + 1, $"seed {seed}: {share} is {told} instead of {right}");
        }

        Assert.Equal(times[^1], latencies.Longest.TotalMicroseconds);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

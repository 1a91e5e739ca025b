using System.Diagnostics;
using System.Globalization;

namespace Gateway.Benchmarks.Recovery;

/// <summary>Measures how long a gateway takes to start: with many unfinished sessions, and with a long history.</summary>
/// <remarks>Each run is a process of its own on a fresh copy of the file, timed from outside: the start of the runtime and a cold code are in it.</remarks>
internal static class RecoveryBenchmark
{
    private const int Runs = 5;
    private const int Unfinished = 1_000;
    private const int UnfinishedEvents = 500;
    private const int Finished = 10_000;
    private const int FinishedEvents = 50;

    /// <summary>Runs all of it and prints a Markdown table.</summary>
    /// <param name="args">The folder for the files; the temporary folder when absent.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--measured", var measured, var expected]) return await RecoveryChild.RunAsync(measured, expected);

        var folder = Directory.CreateDirectory(Path.Combine(args is [var root, ..] ? root : Path.GetTempPath(), $"gateway-recovery-{Guid.NewGuid():N}")).FullName;
        try
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores; the median of {Runs} runs."));
            Console.WriteLine();
            Console.WriteLine("| the file | process start to listening | to all running again | CPU | memory |");
            Console.WriteLine("| --- | --- | --- | --- | --- |");
            await MeasureAsync(folder, "empty", 0, _ => Task.CompletedTask);
            await MeasureAsync(folder, $"{Finished:N0} finished sessions of {FinishedEvents} events", 0, path => RecoveryFile.WriteAsync(path, Finished, FinishedEvents, finished: true));
            await MeasureAsync(folder, $"{Unfinished:N0} unfinished sessions of {UnfinishedEvents} events", Unfinished, path => RecoveryFile.WriteAsync(path, Unfinished, UnfinishedEvents, finished: false));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string folder, string what, int unfinished, Func<string, Task> write)
    {
        var original = Path.Combine(folder, "original.db");
        await write(original);
        var listening = new List<double>();
        var running = new List<double>();
        var last = string.Empty;
        for (var i = 0; i < Runs; i++)
        {
            var path = Path.Combine(folder, "run.db");
            if (File.Exists(original)) File.Copy(original, path);
            (var toListening, var toRunning, last) = await RunOnceAsync(path, unfinished);
            listening.Add(toListening);
            running.Add(toRunning);
            foreach (var file in Directory.GetFiles(folder, "run.db*")) File.Delete(file);
        }

        File.Delete(original);
        var words = last.Split(' ');
        var again = unfinished == 0 ? string.Empty : $"{Describe(running)} s";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {Describe(listening)} s | {again} | {words[1]} s | {words[2]} MiB |"));
    }

    private static async Task<(double Listening, double Running, string Last)> RunOnceAsync(string path, int unfinished)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Program(), "recovery", "--measured", path, unfinished.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        try
        {
            await ExpectAsync(process, RecoveryChild.Listening);
            var listening = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            var last = await ExpectAsync(process, RecoveryChild.Running);
            var running = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            await process.WaitForExitAsync();
            return (listening, running, last);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    // Started as "dotnet Gateway.Benchmarks.dll", this process is dotnet.
    private static string[] Program() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(RecoveryBenchmark).Assembly.Location] : [];

    private static async Task<string> ExpectAsync(Process process, string word)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(word, StringComparison.Ordinal)) return line;
            Console.Error.WriteLine(line);
        }

        throw new InvalidOperationException($"The gateway ended before it said '{word}'.");
    }

    private static string Describe(List<double> seconds)
    {
        seconds.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{seconds[seconds.Count / 2]:0.00} ({seconds[0]:0.00} to {seconds[^1]:0.00})");
    }
}

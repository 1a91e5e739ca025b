using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Models;
using Gateway.Workflows;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Benchmarks.Engine;

/// <summary>Measures the engine without a network, a disk or a model's time: events of many sessions, checks of large definitions, rounds of a long loop.</summary>
internal static class EngineBenchmark
{
    private const int Runs = 5;
    private const int Sessions = 1_000;
    private const int Rounds = 10_000;
    private const int Nodes = 1_000;

    // Six nodes, as a small debate has them.
    private const string Debate = """
        {"agents":{"a":{"instructions":"Argue."}},"nodes":{"start":{"type":"start","next":["fork"]},"fork":{"type":"parallel","next":["pro","con"]},
        "pro":{"type":"agent","agent":"a","next":["sum"]},"con":{"type":"agent","agent":"a","next":["sum"]},"sum":{"type":"agent","agent":"a","next":["end"]},"end":{"type":"end"}}}
        """;

    private static readonly string Loop = $$$"""
        {"agents":{"a":{"instructions":"Say."}},"nodes":{"start":{"type":"start","next":["loop"]},"loop":{"type":"loop","with":{"body":"say","max_rounds":{{{Rounds}}} },"next":["end"]},
        "say":{"type":"agent","agent":"a","prompt":"Say {{loop.round}}.","next":["loop"]},"end":{"type":"end"} } }
        """;

    /// <summary>Runs all of it and prints Markdown tables.</summary>
    public static async Task<int> RunAsync()
    {
        await MeasureLoopAsync();
        Console.WriteLine();
        Console.WriteLine($"{Environment.ProcessorCount} cores; the median of {Runs} runs after one to warm up (least to most).");
        Console.WriteLine();
        Console.WriteLine($"| {Sessions:N0} sessions of six nodes, memory log | events/s | CPU us per event |");
        Console.WriteLine("| --- | --- | --- |");
        foreach (var pieces in new[] { 1, 20, 200 }) await MeasureSessionsAsync(pieces);
        Console.WriteLine();
        Console.WriteLine($"| definition of {Nodes:N0} nodes | ms to validate |");
        Console.WriteLine("| --- | --- |");
        MeasureCheck("a chain", Chain());
        MeasureCheck("layers of 30, each node led to by 10", Layers(30, 10));
        return 0;
    }

    private static async Task MeasureSessionsAsync(int pieces)
    {
        var rates = new List<double>();
        var costs = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            await using var app = await StartAsync(pieces);
            var host = app.Services.GetRequiredService<ISessionHost>();
            var workflow = Read(app, Debate);
            var before = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(1, Sessions).Select(number => Task.Run(() => host.StartAsync(Header($"s-{number}", workflow), CancellationToken.None))));
            var events = 0L;
            for (var number = 1; number <= Sessions; number++) events += (await EndOfAsync(host, $"s-{number}")).LastSeq;
            watch.Stop();
            if (run == 0) continue;
            rates.Add(events / watch.Elapsed.TotalSeconds);
            costs.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / events);
        }

        Console.WriteLine($"| answers of {pieces} pieces | {Describe(rates, "N0")} | {Describe(costs, "0.0")} |");
    }

    private static void MeasureCheck(string what, string definition)
    {
        using var app = StartAsync(1).GetAwaiter().GetResult();
        var times = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            var watch = Stopwatch.StartNew();
            var file = WorkflowFileReader.Parse("graph.json", Encoding.UTF8.GetBytes(definition));
            var problems = app.Services.GetRequiredService<DefinitionCheck>().Check(file);
            if (problems.Count > 0) throw new InvalidOperationException($"{what}: {problems[0].Message}");
            if (run > 0) times.Add(watch.Elapsed.TotalMilliseconds);
        }

        Console.WriteLine($"| {what} | {Describe(times, "0.0")} |");
    }

    private static async Task MeasureLoopAsync()
    {
        // On disk: the memory log keeps every event, and would be what is measured.
        var folder = Directory.CreateTempSubdirectory("gateway-engine-");
        await using var app = await StartAsync(1, Path.Combine(folder.FullName, "log.db"));
        var host = app.Services.GetRequiredService<ISessionHost>();
        var watch = Stopwatch.StartNew();
        await host.StartAsync(Header("loop", Read(app, Loop)), CancellationToken.None);
        Console.WriteLine($"| rounds of a loop | managed memory, MiB |");
        Console.WriteLine("| --- | --- |");
        var next = Rounds / 10;
        while (true)
        {
            var state = await host.GetSnapshotAsync("loop", CancellationToken.None);
            var round = state.Nodes["say"].Iteration ?? 1;
            if (round >= next || state.Status is SessionStatus.Completed)
            {
                Console.WriteLine($"| {round:N0} | {GC.GetTotalMemory(forceFullCollection: true) / (1024.0 * 1024):0.0} |");
                next = round + Rounds / 10;
            }

            if (state.Status is SessionStatus.Failed) throw new InvalidOperationException("The loop has failed.");
            if (state.Status is SessionStatus.Completed) break;
            await Task.Delay(20);
        }

        await app.StopAsync();
        folder.Delete(recursive: true);
        Console.WriteLine($"{Rounds:N0} rounds in {watch.Elapsed.TotalSeconds:0.0} s.");
    }

    private static async Task<SessionSnapshot> EndOfAsync(ISessionHost host, string id)
    {
        while (true)
        {
            var state = await host.GetSnapshotAsync(id, CancellationToken.None);
            if (state.Status == SessionStatus.Completed) return state;
            if (state.Status == SessionStatus.Failed) throw new InvalidOperationException($"The session {id} has failed.");
            await Task.Delay(5);
        }
    }

    private static async Task<WebApplication> StartAsync(int pieces, string? path = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--urls=http://127.0.0.1:0", path is null ? "--Gateway:Storage:Provider=memory" : $"--Gateway:Storage:Path={path}", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft=Error"],
        }).AddGateway();
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelCatalog>(new InstantModels(pieces)));
        var app = builder.Build();
        app.MapGateway();
        await app.StartAsync();
        return app;
    }

    private static WorkflowDefinition Read(WebApplication app, string definition)
    {
        var file = WorkflowFileReader.Parse("debate.json", Encoding.UTF8.GetBytes(definition));
        var problems = app.Services.GetRequiredService<DefinitionCheck>().Check(file);
        return problems.Count == 0 ? file.Workflow! : throw new InvalidOperationException(problems[0].Message);
    }

    private static SessionHeader Header(string id, WorkflowDefinition workflow) =>
        new() { SessionId = id, WorkflowId = workflow.Id!, Workflow = workflow, Input = "Is it worth it?", Fingerprint = "f", CreatedAt = TimeProvider.System.GetUtcNow().UtcDateTime };

    private static string Chain()
    {
        var text = new StringBuilder("""{"agents":{"a":{}},"nodes":{"start":{"type":"start","next":"n0"}""");
        for (var i = 0; i < Nodes - 2; i++) text.Append(Link(i));
        return text.Append(""","end":{"type":"end"}}}""").ToString();

        static string Link(int i)
        {
            var prompt = i == 0 ? "Begin." : $"{{{{nodes.n{i - 1}.text}}}}";
            var next = i == Nodes - 3 ? "end" : $"n{i + 1}";
            return $$""","n{{i}}":{"type":"agent","agent":"a","prompt":"{{prompt}}","next":"{{next}}"}""";
        }
    }

    // Each node of a layer leads to several of the next one: as many ways as a thousand nodes can be expected to have.
    private static string Layers(int width, int ways)
    {
        var text = new StringBuilder("""{"nodes":{"start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":[""");
        text.AppendJoin(',', Enumerable.Range(0, width).Select(i => $"\"n0_{i}\"")).Append("]}");
        var layers = (Nodes - 3) / width;
        for (var layer = 0; layer < layers; layer++)
        {
            for (var i = 0; i < width; i++)
            {
                var next = layer == layers - 1 ? "\"end\"" : string.Join(',', Enumerable.Range(i, ways).Select(to => $"\"n{layer + 1}_{to % width}\""));
                text.Append(CultureInfo.InvariantCulture, $$""","n{{layer}}_{{i}}":{"type":"parallel","next":[{{next}}]}""");
            }
        }

        return text.Append(""","end":{"type":"end"}}}""").ToString();
    }

    private static string Describe(List<double> values, string format)
    {
        values.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{Text(values[values.Count / 2])} ({Text(values[0])} to {Text(values[^1])})");

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}

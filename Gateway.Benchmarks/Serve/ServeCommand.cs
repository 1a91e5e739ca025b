using System.Globalization;
using Gateway.Engine;

namespace Gateway.Benchmarks.Serve;

/// <summary>The whole gateway plus <c>POST /publish</c> and <c>GET /sse</c>, for a load generator outside this process.</summary>
internal static class ServeCommand
{
    private const int MaxEvents = 100_000;

    /// <summary>Runs until it is stopped: <c>serve --port P [--store memory|sqlite] [settings]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        const string PathOption = "--Gateway:Storage:Path=";
        if (args.FirstOrDefault(arg => arg.StartsWith(PathOption, StringComparison.OrdinalIgnoreCase)) is { } given) return await RunAsync(args, given[PathOption.Length..]);

        // Its session begins anew with each run, and so does its file.
        var folder = Directory.CreateTempSubdirectory("gateway-bench-");
        try
        {
            return await RunAsync(args, Path.Combine(folder.FullName, "gateway.db"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(string[] args, string file)
    {
        var port = Option(args, "--port") ?? "8080";
        var store = Option(args, "--store") ?? "memory";
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = [$"--urls=http://127.0.0.1:{port}", $"--Gateway:Storage:Provider={store}", $"--Gateway:Storage:Path={file}", "--Gateway:Transport:DirectDoor=true", "--Logging:LogLevel:Default=Warning", .. args.Where(arg => arg.Contains(':', StringComparison.Ordinal))],
        }).AddGateway();
        builder.Services.AddSingleton<BenchSession>();
        builder.Services.AddSingleton<IStartupFilter, EventStreamAddress>();

        await using var app = builder.Build();
        var bench = app.Services.GetRequiredService<BenchSession>();

        // Ahead of the gateway's own pipeline: what an application does before it publishes is not measured.
        app.Map("/publish", branch => branch.Run(async context =>
        {
            var query = context.Request.Query;
            if (!int.TryParse(query["n"], CultureInfo.InvariantCulture, out var count) || count is < 1 or > MaxEvents)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await context.Response.WriteAsync($"Give n, a number of events from 1 to {MaxEvents}: POST /publish?n=1&t=0\n");
                return;
            }

            await bench.PublishAsync("hello @t=" + query["t"], count);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }));
        app.MapGateway();
        await app.StartAsync();

        // After the recovery, which would take it for a session an earlier process left unfinished.
        await app.Services.GetServices<IHostedService>().OfType<SessionRecovery>().Single().Attempted;
        await bench.StartAsync();
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static string? Option(string[] args, string name)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
    }
}

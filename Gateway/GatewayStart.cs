using Gateway.Log;
using Gateway.Models;
using Gateway.Transport;
using Gateway.Workflows;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>Runs the gateway; when it cannot start, says why in a sentence and returns exit code 1.</summary>
internal static partial class GatewayStart
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>Runs it until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        WebApplication? app = null;
        try
        {
            var started = new StartedMark();
            var builder = WebApplication.CreateBuilder(args).AddGateway();
            builder.Services.Configure<TransportOptions>(transport => transport.IsStandAlone = true);
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Critical);

            // The host would log a failed start with its stack; this class reports the failure once, without it.
            builder.Logging.AddFilter(HostCategory, level => started.Value && level >= LogLevel.Warning);
            app = builder.Build();
            app.Lifetime.ApplicationStarted.Register(() => started.Value = true);
            app.MapGateway();
            Prepare(app.Services);
            await app.StartAsync();
        }
        catch (Exception exception) when (StartProblem.Describe(exception) is { } sentence)
        {
            await ReportAsync(app, sentence);
            return 1;
        }

        await using (app) await app.WaitForShutdownAsync();
        return 0;
    }

    // Mistakes in the settings, the store and the files are found before the host starts its services.
    private static void Prepare(IServiceProvider services)
    {
        services.GetService<IStartupValidator>()?.Validate();
        services.GetRequiredService<IModelCatalog>();
        services.GetRequiredService<IWorkflowCatalog>();
        services.GetRequiredService<ISessionLog>();
    }

    private static async Task ReportAsync(WebApplication? app, string sentence)
    {
        if (app is null)
        {
            using var loggers = LoggerFactory.Create(logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Critical));
            LogCannotStart(loggers.CreateLogger(typeof(GatewayStart)), sentence);
            return;
        }

        LogCannotStart(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(GatewayStart)), sentence);

        // Disposing the app flushes the console logger.
        await app.DisposeAsync();
    }

    private sealed class StartedMark
    {
        public volatile bool Value;
    }
}

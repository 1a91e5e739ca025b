using System.Reflection;
using System.Runtime.InteropServices;
using Gateway.Log;
using Gateway.Models;
using Gateway.Settings;
using Gateway.Transport;
using Gateway.Workflows;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>Runs the gateway; when it cannot start, says why in a sentence and returns exit code 1.</summary>
internal static partial class GatewayStart
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    // Each assembly of the program is a file that stays open: this many are not enough to find out what is missing.
    private const int LeastDescriptors = 340;

    /// <summary>Runs it until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (DescriptorLimit.Read() is < LeastDescriptors and var limit)
        {
            // Not through the log, whose code could not be loaded.
            Console.Error.WriteLine($"The gateway cannot start. The system lets it have {limit} files open, fewer than its own code needs; raise the limit (ulimit -n, LimitNOFILE of systemd, --ulimit nofile of Docker) to 1024 or more.");
            return 1;
        }

        using var fileSize = RefuseLargeFiles();
        WebApplication? app = null;
        StopSignals? signals = null;
        try
        {
            var started = new StartedMark();
            var builder = WebApplication.CreateBuilder(StartFolder.Options(args));
            StartSettings.Check(builder.Configuration);
            builder.AddGateway();
            builder.Services.AddHostedService<SettingsCheck>();
            builder.Services.Configure<TransportOptions>(transport => transport.IsStandAlone = true);
            builder.Services.Configure<ConsoleLoggerOptions>(console =>
            {
                console.LogToStandardErrorThreshold = LogLevel.Critical;

                // Who reads the output may stand still for ever, and whoever logs would wait for it.
                console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            });

            // The host would log a failed start with its stack; this class reports the failure once, without it.
            builder.Logging.AddFilter(HostCategory, level => started.Value && level >= LogLevel.Warning);
            app = builder.Build();
            app.Lifetime.ApplicationStarted.Register(() => started.Value = true);
            app.MapGateway();
            Prepare(app.Services);
            signals = new StopSignals(app);
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app is not null && app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop while it was starting.
            await app.DisposeAsync();
            return 0;
        }
        catch (Exception exception)
        {
            await ReportAsync(app, exception);
            return 1;
        }

        await using (app) await app.WaitForShutdownAsync();
        signals.Dispose();
        return 0;
    }

    // Where the system bounds a file (ulimit -f, LimitFSIZE of systemd), a write beyond it ends the process unless this signal is
    // heard; heard, it is a write that fails, as on a full disk.
    private static PosixSignalRegistration? RefuseLargeFiles()
    {
        // SIGXFSZ, which the framework has no name for; a test host is another program, which decides by itself.
        if (OperatingSystem.IsWindows() || Assembly.GetEntryAssembly() != typeof(GatewayStart).Assembly) return null;
        return PosixSignalRegistration.Create((PosixSignal)25, context => context.Cancel = true);
    }

    // Mistakes in the settings, the store and the files are found before the host starts its services.
    private static void Prepare(IServiceProvider services)
    {
        services.GetService<IStartupValidator>()?.Validate();
        services.GetRequiredService<IModelCatalog>();
        services.GetRequiredService<IWorkflowCatalog>();
        services.GetRequiredService<ISessionLog>();
    }

    private static async Task ReportAsync(WebApplication? app, Exception exception)
    {
        var sentence = StartProblem.Describe(exception) ?? StartProblem.Unforeseen(exception);
        if (app is null)
        {
            using var loggers = LoggerFactory.Create(logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Critical));
            LogCannotStart(loggers.CreateLogger(typeof(GatewayStart)), sentence);
            return;
        }

        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(GatewayStart));
        LogCannotStart(logger, sentence);
        LogCause(logger, exception);

        // Disposing the app flushes the console logger.
        await app.DisposeAsync();
    }

    private sealed class StartedMark
    {
        public volatile bool Value;
    }
}

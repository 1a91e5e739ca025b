using System.Globalization;
using Gateway.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Benchmarks.Recovery;

/// <summary>The process that is measured: the whole gateway starting on a file.</summary>
internal static class RecoveryChild
{
    public const string Listening = "listening";
    public const string Running = "running";

    /// <summary>Says when it listens, and when so many sessions have called their models again; then ends as a crash does.</summary>
    public static async Task<int> RunAsync(string path, string unfinished)
    {
        var models = new SilentModels(int.Parse(unfinished, CultureInfo.InvariantCulture));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--urls=http://127.0.0.1:0", $"--Gateway:Storage:Path={path}", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft=Error"],
        }).AddGateway();
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelCatalog>(models));
        var app = builder.Build();
        app.MapGateway();
        await app.StartAsync();
        Console.WriteLine(Listening);
        await models.AllCalled;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Running} {Environment.CpuUsage.TotalTime.TotalSeconds:0.00} {Environment.WorkingSet / (1024 * 1024)}"));

        // Nothing is paused or stopped: the file is left as it is for the next run.
        Environment.Exit(0);
        return 0;
    }
}

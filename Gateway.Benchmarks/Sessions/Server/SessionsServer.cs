using System.Globalization;
using Gateway.Models;
using Gateway.Workflows;

namespace Gateway.Benchmarks.Sessions.Server;

/// <summary>The process that is measured: the whole gateway, with a model that speaks at a given pace for as long as it runs.</summary>
internal static class SessionsServer
{
    /// <summary>The command that starts it; the benchmark's own.</summary>
    public const string Command = "sessions-server";

    /// <summary>The workflow of its sessions: one agent.</summary>
    public const string Workflow = "paced";

    /// <summary>The agent's node.</summary>
    public const string Node = "speaker";

    /// <summary>Runs until it is killed.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--Gateway:Transport:DirectDoor=true", "--Logging:LogLevel:Default=Warning", .. args],
        });
        builder.AddGateway();
        var client = new PacedClient(double.Parse(builder.Configuration["rate"]!, CultureInfo.InvariantCulture), TimeProvider.System);
        builder.Services.AddChatClient(Workflow, client);
        builder.Services.AddWorkflow(Workflow, w => w.Start().Agent(Node, "Speak.").End());
        await using var app = builder.Build();
        app.MapCounts();
        app.MapGateway();
        await app.RunAsync();
        return 0;
    }
}

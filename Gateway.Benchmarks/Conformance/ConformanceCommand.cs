using Gateway.Benchmarks.Conformance.Check;
using Gateway.Benchmarks.Conformance.Faults;
using Gateway.Benchmarks.Conformance.Lines;

namespace Gateway.Benchmarks.Conformance;

/// <summary>The kit that clients are tried with: a gateway behind a layer that plays faults, and a checker of what clients record.</summary>
internal static class ConformanceCommand
{
    /// <summary>Serves until it is stopped, or checks a recording: <c>conformance [check FILE --fault NAME] [--port P] [--seed N]</c>.</summary>
    public static Task<int> RunAsync(string[] args) => args is ["check", var file, ..] ? CheckCommand.RunAsync(file, args[2..]) : ServeAsync(KitOptions.Read(args));

    private static async Task<int> ServeAsync(KitOptions options)
    {
        await using var gateway = await KitGateway.StartAsync(options);
        var runs = new FaultRuns();
        using var truths = new TruthReader(gateway, runs);
        using var http = new HttpForwarder();
        var forwarder = new Forwarder(gateway, runs, new SocketForwarder(), http);

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [$"--urls=http://127.0.0.1:{options.Port}", "--Logging:LogLevel:Default=Warning"] });

        // The gateway decides what is too large, and who is too slow.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        await using var app = builder.Build();
        app.UseWebSockets();
        KitEndpoints.Map(app, options.Seed, runs, truths);
        app.MapFallback("{**path}", context => forwarder.ServeAsync(context, options.Seed));
        await app.StartAsync();
        Console.WriteLine($"conformance kit: {app.Urls.First()}  seed {options.Seed}  (what it can do: {app.Urls.First()}/kit)");
        await app.WaitForShutdownAsync();
        return 0;
    }
}

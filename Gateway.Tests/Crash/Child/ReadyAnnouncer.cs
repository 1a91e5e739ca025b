using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Crash.Child;

/// <summary>Tells the test, on the standard output, where the gateway listens.</summary>
internal sealed class ReadyAnnouncer(IServer server) : IHostedLifecycleService
{
    public const string Prefix = "READY ";

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Console.Out.WriteLine(Prefix + server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Console.Out.Flush();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

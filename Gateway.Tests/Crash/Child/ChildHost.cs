using System.Diagnostics;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Models;
using Gateway.Tests.Engine.OwnKinds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Crash.Child;

/// <summary>Puts a crashing log and counted models around a gateway that is about to be built.</summary>
/// <remarks>The host announces itself to diagnostic listeners before it is built; WebApplicationFactory uses the same door.</remarks>
internal sealed class ChildHost : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private readonly ChildSettings _settings = ChildSettings.Read();
    private readonly Commander _commander = new();

    public static void Install() => DiagnosticListener.AllListeners.Subscribe(new ChildHost());

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting") value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "HostBuilding", Value: IHostBuilder builder }) builder.ConfigureServices((_, services) => Decorate(services));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private void Decorate(IServiceCollection services)
    {
        var log = services.Single(service => service.ServiceType == typeof(ISessionLog));
        services.Replace(ServiceDescriptor.Singleton<ISessionLog>(provider => new CrashingLog((ISessionLog)log.ImplementationFactory!(provider), _settings.Crash)));
        services.Replace(ServiceDescriptor.Singleton<IModelCatalog>(new CountedModels(_settings.Ledger, _settings.Life, _commander.Go)));
        services.AddNodeKind<WaitForAllTokens>();
        services.AddHostedService<ReadyAnnouncer>();
    }
}

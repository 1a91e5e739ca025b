using Gateway.Log;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Tests.Commands;

/// <summary>A gateway whose log fails to find a session when a test says so.</summary>
public sealed class WatchFixture : GatewayFixture
{
    public WatchFixture()
        : this(new FailingFindLog())
    {
    }

    private WatchFixture(FailingFindLog store)
        : base(sockets: true, services: services => services.Replace(ServiceDescriptor.Singleton<ISessionLog>(store))) => Store = store;

    internal FailingFindLog Store { get; }
}

using Gateway.Log;
using Gateway.Refusals;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Observers;

/// <summary>Registers code of the host that hears of sessions.</summary>
public static class ObserverServices
{
    /// <summary>Adds code that runs when a session asks or ends; the moments come from the log, so that none is missed.</summary>
    /// <param name="services">The services of the host; before or after <c>AddGateway</c>.</param>
    /// <param name="name">
    /// Of the form of an id, and one of its own. Under it the store keeps how far the code has come, so it stays the same from
    /// start to start; under a new name it hears of what happens from then on.
    /// </param>
    /// <param name="observe">As <see cref="ISessionObserver.ObserveAsync"/>.</param>
    public static IServiceCollection AddSessionObserver(this IServiceCollection services, string name, Func<SessionMoment, CancellationToken, Task> observe)
    {
        ArgumentNullException.ThrowIfNull(observe);
        return services.AddObserver(new ObserverRegistration(name, (_, moment, cancellationToken) => observe(moment, cancellationToken)));
    }

    /// <summary>As the other overload, with a class of the host; each moment is told to one that is made for it, in a scope of its own.</summary>
    public static IServiceCollection AddSessionObserver<TObserver>(this IServiceCollection services, string name)
        where TObserver : class, ISessionObserver
    {
        services.TryAddScoped<TObserver>();
        return services.AddObserver(new ObserverRegistration(name, static async (provider, moment, cancellationToken) =>
        {
            await using var scope = provider.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<TObserver>().ObserveAsync(moment, cancellationToken);
        }));
    }

    private static IServiceCollection AddObserver(this IServiceCollection services, ObserverRegistration observer)
    {
        if (!IdForm.Matches(observer.Name)) throw new ArgumentException($"'{observer.Name}' cannot name a session observer: a name has {IdForm.Words}.", nameof(observer));
        services.AddSingleton(observer);
        if (services.Any(service => service.ServiceType == typeof(ObserverService))) return services;
        services.AddSingleton<ObserverService>();
        services.AddSingleton<ICommitListener>(provider => provider.GetRequiredService<ObserverService>());
        services.AddHostedService(provider => provider.GetRequiredService<ObserverService>());
        return services;
    }
}

using Gateway.Client.Connection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Client;

/// <summary>Puts a <see cref="GatewayClient"/> and its health check into an application's services.</summary>
public static class GatewayClientServices
{
    /// <summary>The name of the health check.</summary>
    public const string HealthCheckName = "gateway";

    /// <summary>Adds one <see cref="GatewayClient"/> for the whole application.</summary>
    /// <remarks>
    /// <para>It connects by itself when it is first asked for, and keeps trying (<see cref="GatewayClientOptions.RetryFirstConnect"/> is set); commands and
    /// readers wait for that. Logger and clock are the application's, unless they are set here.</para>
    /// <para>Settings may come from a configuration section, too: <c>services.AddOptions&lt;GatewayClientOptions&gt;().BindConfiguration("Gateway:Client")</c>.
    /// They are checked when the host starts, or when the client is first asked for where there is no host.</para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets <see cref="GatewayClientOptions.Address"/> and whatever else differs from the defaults.</param>
    public static IServiceCollection AddGatewayClient(this IServiceCollection services, Action<GatewayClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<GatewayClientOptions>().Configure(client => client.RetryFirstConnect = true);
        if (configure is not null) options.Configure(configure);
        options.PostConfigure<IServiceProvider>((client, provider) =>
        {
            client.LoggerFactory ??= provider.GetService<ILoggerFactory>();
            if (ReferenceEquals(client.TimeProvider, TimeProvider.System)) client.TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        });
        options.ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayClientOptions>, OptionsCheck>());
        services.TryAddSingleton(Connect);
        return services;
    }

    /// <summary>Adds a health check of the client: healthy when connected, degraded while it connects, unhealthy when it has given up.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="tags">Tags to choose checks by.</param>
    public static IHealthChecksBuilder AddGatewayClientCheck(this IHealthChecksBuilder builder, params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(HealthCheckName, provider => new GatewayClientHealthCheck(provider.GetRequiredService<GatewayClient>()), failureStatus: null, tags));
    }

    private static GatewayClient Connect(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<GatewayClientOptions>>().Value;
        var client = new GatewayClient(GatewayAddress.Parse(options.Address!), options);

        // Whoever uses the client waits for this and is told how it ended; nobody else needs to.
        _ = client.ConnectAsync().ContinueWith(static connecting => connecting.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return client;
    }

    private sealed class OptionsCheck : IValidateOptions<GatewayClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, GatewayClientOptions options)
        {
            List<string> problems = [.. options.Problems()];
            if (string.IsNullOrWhiteSpace(options.Address)) problems.Add($"{nameof(GatewayClientOptions.Address)} must say where the gateway is, such as http://localhost:8080; it is not set.");
            else if (!GatewayAddress.IsAddress(options.Address)) problems.Add($"{nameof(GatewayClientOptions.Address)} must be the address of a gateway, such as http://localhost:8080; it is '{options.Address}'.");
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}

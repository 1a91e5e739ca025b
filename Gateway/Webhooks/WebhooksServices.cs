using Gateway.Log;
using Gateway.Settings;
using Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Webhooks;

/// <summary>Registers webhooks.</summary>
internal static class WebhooksServices
{
    /// <summary>Adds the endpoints of <c>Gateway:Webhooks:Endpoints</c>; without any nothing of them runs. A mistake in the settings stops the host at start.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhooksOptions>().BindSettings(WebhooksOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhooksOptions>, WebhooksOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(WebhookNetwork.Real);
        services.TryAddSingleton<GatewayMetrics>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookService>();
        services.AddSingleton<ICommitListener>(provider => provider.GetRequiredService<WebhookService>());
        services.AddSingleton<IDeletionListener>(provider => provider.GetRequiredService<WebhookService>());
        services.AddHostedService(provider => provider.GetRequiredService<WebhookService>());
        return services;
    }
}

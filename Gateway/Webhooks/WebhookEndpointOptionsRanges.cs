using Microsoft.Extensions.Options;

namespace Gateway.Webhooks;

/// <summary>Checks <see cref="WebhookEndpointOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class WebhookEndpointOptionsRanges : IValidateOptions<WebhookEndpointOptions>;

using Microsoft.Extensions.Options;

namespace Gateway.Webhooks;

/// <summary>Checks <see cref="WebhooksOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class WebhooksOptionsRanges : IValidateOptions<WebhooksOptions>;

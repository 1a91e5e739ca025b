using Gateway.Settings;

namespace Gateway.Webhooks;

/// <summary>The settings of webhooks; section <c>Gateway:Webhooks</c>.</summary>
internal sealed class WebhooksOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:Webhooks";

    /// <summary>Who is told, by name; none: nobody, and nothing runs. The store knows an endpoint by its name.</summary>
    public Dictionary<string, WebhookEndpointOptions> Endpoints { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Networks that are not of the internet and may be connected to all the same, such as <c>10.1.0.0/16</c>; several with commas between them.</summary>
    public string? AllowedNetworks { get; set; }

    /// <summary>Messages that were given up and are kept, for each endpoint; the oldest go.</summary>
    [NumberRange(1, 1_000_000)]
    public int MaxDeadLetters { get; set; } = 10_000;

    /// <summary>The section of one endpoint.</summary>
    internal static string SectionOf(string name) => $"{Section}:{nameof(Endpoints)}:{name}";
}

using Gateway.Settings;

namespace Gateway.Webhooks;

/// <summary>One endpoint that is told, from <c>Gateway:Webhooks:Endpoints:&lt;name&gt;</c>.</summary>
/// <remarks>A class and not a record, so that printing it can never show its secrets.</remarks>
internal sealed class WebhookEndpointOptions
{
    /// <summary>Where messages are posted; an http or https address.</summary>
    public string? Url { get; set; }

    /// <summary>What messages are signed with: <c>whsec_</c> and 24 to 64 bytes in Base64. With several a message carries a signature of each, so that one can be exchanged for another.</summary>
    public string[] Secrets { get; set; } = [];

    /// <summary>Only these types of messages; none: all.</summary>
    public string[] Events { get; set; } = [];

    /// <summary>Only sessions of these workflows; none: all.</summary>
    public string[] Workflows { get; set; } = [];

    /// <summary>How long the endpoint may take to answer.</summary>
    [TimeRange("00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Messages that are under way at a time; of one session it is always one.</summary>
    [NumberRange(1, 64)]
    public int MaxConcurrency { get; set; } = 4;

    /// <summary>How often a message is tried before it is given up.</summary>
    [NumberRange(1, 30)]
    public int MaxTries { get; set; } = 10;
}

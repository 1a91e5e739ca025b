namespace Gateway.Webhooks;

/// <summary>When a message that was not taken is sent again: as Standard Webhooks advises, over some three days.</summary>
/// <param name="random">A number from 0 to 1, so that not all come back at the same moment.</param>
internal sealed class WebhookRetries(Func<double> random)
{
    /// <summary>Nobody is made to wait longer, whatever it asks for.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private const double Spread = 0.2;

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), Longest,
    ];

    /// <summary>How long to wait.</summary>
    /// <param name="tries">How often it was sent, from 1.</param>
    /// <param name="asked">What the endpoint asks for; it is waited for at least so long, up to a day.</param>
    public TimeSpan After(int tries, TimeSpan? asked)
    {
        var own = Waits[Math.Clamp(tries, 1, Waits.Length) - 1] * (1 + (Spread * random()));
        return asked is { } wanted && wanted > own ? TimeSpan.FromTicks(Math.Min(wanted.Ticks, Longest.Ticks)) : own;
    }
}

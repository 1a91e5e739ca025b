using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;
using Microsoft.Extensions.Options;

namespace Gateway.Webhooks;

/// <summary>Runs the endpoints beside the sessions, from the start of the gateway to its stop; without any it does nothing.</summary>
internal sealed class WebhookService : IHostedService, ICommitListener, IDeletionListener, IAsyncDisposable
{
    private const int MostRedelivered = 100;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly WebhookEndpoint[] _endpoints;
    private readonly TimeProvider _time;

    /// <summary>One for each section of <c>Gateway:Webhooks:Endpoints</c>.</summary>
    /// <exception cref="InvalidOperationException">The log of the host keeps no cursors.</exception>
    public WebhookService(IOptions<WebhooksOptions> options, ISessionLog log, WebhookNetwork network, IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        _endpoints = options.Value.Endpoints.Count == 0 ? [] : Create(options.Value, WebhookLog.Of(log), network, services.GetRequiredService<WebhookMetrics>(), time, loggers);
    }

    /// <inheritdoc/>
    public void OnCommitted(IReadOnlyList<LoggedEvent> events)
    {
        if (_endpoints.Length == 0) return;
        foreach (var logged in events)
        {
            if (!WebhookProjection.Concerns(logged.Event)) continue;
            foreach (var endpoint in _endpoints) endpoint.Note(logged.Event.SessionId);
            return;
        }
    }

    /// <inheritdoc/>
    public void OnDeleted(IReadOnlyCollection<string> sessionIds)
    {
        foreach (var endpoint in _endpoints)
        {
            foreach (var sessionId in sessionIds) endpoint.Forget(sessionId);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Before the first session runs: what happens from now on is for a new endpoint to hear.</remarks>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in _endpoints) await endpoint.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_endpoints.Select(endpoint => endpoint.StopAsync())).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_endpoints.Select(endpoint => endpoint.DisposeAsync().AsTask())).WaitAsync(LastWords, _time);
        }
        catch (TimeoutException)
        {
            // What was under way is told again after the next start.
        }
    }

    /// <summary>How all endpoints are.</summary>
    public async Task<WebhookList> ListAsync(CancellationToken cancellationToken) =>
        new() { Webhooks = await Task.WhenAll(_endpoints.Select(endpoint => endpoint.DescribeAsync(cancellationToken))) };

    /// <summary>How one endpoint is.</summary>
    /// <exception cref="GatewayException"><c>not_found</c>: there is none of that name.</exception>
    public Task<WebhookInfo> GetAsync(string name, CancellationToken cancellationToken) => Find(name).DescribeAsync(cancellationToken);

    /// <summary>A page of what was given up, the oldest first.</summary>
    /// <param name="name">The endpoint.</param>
    /// <param name="after">The number of the last one on the page before; 0: from the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="GatewayException"><c>not_found</c>: there is none of that name.</exception>
    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string name, long after, int limit, CancellationToken cancellationToken) => Find(name).ListDeadLettersAsync(after, limit, cancellationToken);

    /// <summary>Sends what was given up once more, the oldest first, up to the first that is not taken.</summary>
    /// <param name="name">The endpoint.</param>
    /// <param name="id">Only this message; null: 100 at most.</param>
    /// <param name="cancellationToken">Gives up; what was taken is taken.</param>
    /// <exception cref="GatewayException"><c>not_found</c>: there is no endpoint of that name, or no such message.</exception>
    public async Task<WebhookRedelivery> RedeliverAsync(string name, string? id, CancellationToken cancellationToken) =>
        await Find(name).RedeliverAsync(id, MostRedelivered, cancellationToken) ?? throw new GatewayException(ErrorCode.NotFound, $"Webhook '{name}' has no dead letter '{id}'.");

    /// <summary>Lets an endpoint go on that was halted by an answer of 410.</summary>
    /// <exception cref="GatewayException"><c>not_found</c>: there is none of that name.</exception>
    public async Task<WebhookInfo> EnableAsync(string name, CancellationToken cancellationToken)
    {
        var endpoint = Find(name);
        await endpoint.EnableAsync(cancellationToken);
        return await endpoint.DescribeAsync(cancellationToken);
    }

    private static WebhookEndpoint[] Create(WebhooksOptions options, WebhookLog log, WebhookNetwork network, WebhookMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        var connect = new GuardedConnect(new AddressGuard(Networks.Parse(options.AllowedNetworks, out _)), network.Resolve);
        var retries = new WebhookRetries(network.Random);

        // The configuration takes names without regard to case, so the store knows them in one.
        return
        [
            .. options.Endpoints.OrderBy(endpoint => endpoint.Key, StringComparer.OrdinalIgnoreCase).Select(endpoint => new WebhookEndpoint(
                endpoint.Key.ToLowerInvariant(), endpoint.Value, options.MaxDeadLetters, log, WebhookHttp.Create(connect, endpoint.Value.MaxConcurrency), retries, metrics, time, loggers)),
        ];
    }

    private WebhookEndpoint Find(string name) =>
        Array.Find(_endpoints, endpoint => endpoint.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new GatewayException(ErrorCode.NotFound, $"There is no webhook '{name}'; {WebhooksOptions.SectionOf("<name>")} has them.");
}

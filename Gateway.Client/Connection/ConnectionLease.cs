using System.Net.WebSockets;
using Gateway.Contracts;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Gateway.Client.Connection;

/// <summary>One connection from its start to its end; the next one gets a new lease.</summary>
/// <remarks>Each event is handed over with its lease, so that late events of an old connection can be told apart.</remarks>
internal sealed class ConnectionLease : IAsyncDisposable
{
    // SignalR drops a connection and reports its end moments later; this is the longest wait for the report.
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<Exception?> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HubConnection _hub;

    public ConnectionLease(HubConnection hub, Action<ConnectionLease, SessionEvent> received)
    {
        _hub = hub;
        _hub.Closed += reason =>
        {
            _lost.TrySetResult(reason);
            return Task.CompletedTask;
        };

        foreach (var kind in SessionEvents.All)
        {
            _hub.On(kind.HubMethod, [kind.JsonType.Type], (arguments, _) =>
            {
                received(this, (SessionEvent)arguments[0]!);
                return Task.CompletedTask;
            }, this);
        }
    }

    /// <summary>Completes when the connection has ended, with the reason if there is one.</summary>
    public Task<Exception?> Lost => _lost.Task;

    public Task StartAsync(CancellationToken cancellationToken) => _hub.StartAsync(cancellationToken);

    /// <summary>Calls a hub method and waits for its answer.</summary>
    /// <exception cref="GatewayClientException">The gateway refused.</exception>
    /// <exception cref="ConnectionBrokenException">The connection ended first.</exception>
    public async Task<T> InvokeAsync<T>(string method, object?[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await _hub.InvokeCoreAsync<T>(method, arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (HubException e)
        {
            throw Refusal.IsServerClose(e) ? new ConnectionBrokenException(sent: true, e) : Refusal.Parse(e);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            // SignalR throws this before it sends anything. It may find the connection gone while its state still says connected.
            if (_hub.State == HubConnectionState.Connected && !await IsEndingAsync(cancellationToken).ConfigureAwait(false)) throw;
            throw new ConnectionBrokenException(sent: false, e);
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw new ConnectionBrokenException(sent: true, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync().ConfigureAwait(false);
        _lost.TrySetResult(null);
    }

    private async Task<bool> IsEndingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Lost.WaitAsync(EndTimeout, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // SignalR fails the calls under way with the error that ended the connection, or cancels them when it knows of no error.
    private bool IsBroken(Exception exception) =>
        exception is OperationCanceledException or IOException or WebSocketException or HttpRequestException
            or TimeoutException or ObjectDisposedException
        || _hub.State != HubConnectionState.Connected;
}

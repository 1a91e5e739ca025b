using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Connection;

/// <summary>The one owner of the connection and its state: makes it, and makes it again when it is lost.</summary>
/// <remarks>
/// SignalR's automatic reconnect covers neither the first connect nor a connection the server closes, so it would need
/// a second loop around it. Here one loop covers every end alike, with a fresh <see cref="HubConnection"/> for each try.
/// </remarks>
internal sealed partial class GatewayConnection(
    Uri address,
    GatewayClientOptions options,
    ILogger logger,
    IConnectionObserver observer) : IAsyncDisposable
{
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource<ConnectionLease>? _ready;
    private Task? _run;

    /// <summary>Where the connection stands.</summary>
    public GatewayConnectionState State { get; private set; }

    /// <summary>Makes the first connection; does nothing when there is one already.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, typeof(GatewayClient));
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        try
        {
            await _connecting.WaitAsync(linked.Token).ConfigureAwait(false);
            try
            {
                if (_run is null or { IsCompleted: true }) await ConnectFirstAsync(linked.Token).ConfigureAwait(false);
            }
            finally
            {
                _connecting.Release();
            }

            await WaitConnectedAsync(linked.Token).ConfigureAwait(false);
        }
        catch (Exception) when (_stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Whatever a try had just failed for, too: after the disposal it is not for its sake that there is no connection.
            throw Disposed();
        }
    }

    /// <summary>Returns the current connection; waits while there is none.</summary>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    /// <exception cref="GatewayClientException">The retry policy gave up.</exception>
    public Task<ConnectionLease> WaitConnectedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, typeof(GatewayClient));
            if (_ready is null) throw new InvalidOperationException($"Call {nameof(GatewayClient.ConnectAsync)} first.");
            return _ready.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sends a command, once there is a connection, and waits for its answer.</summary>
    /// <param name="command">The command.</param>
    /// <param name="data">Its record; null when it has none.</param>
    /// <param name="repeatable">True: sent again on the next connection when this one ends before the answer.</param>
    /// <param name="sending">Told each time before it is sent on which connection it goes out.</param>
    /// <param name="cancellationToken">Stops the waiting, not what the gateway does.</param>
    public async Task<SessionAck?> InvokeAsync(
        CommandInfo command, object? data, bool repeatable, Action<ConnectionLease>? sending, CancellationToken cancellationToken)
    {
        while (true)
        {
            var lease = await WaitConnectedAsync(cancellationToken).ConfigureAwait(false);
            sending?.Invoke(lease);
            try
            {
                return await lease.InvokeAsync(command, data, cancellationToken).ConfigureAwait(false);
            }
            catch (ConnectionBrokenException e)
            {
                if (_stop.IsCancellationRequested) throw Disposed();
                if (e.Sent && !repeatable)
                {
                    throw new GatewayClientException(
                        ClientErrorCode.ConnectionLost,
                        $"The connection was lost before the gateway answered {command}; whether it was carried out is not known.",
                        e.InnerException);
                }
            }

            await NotCurrentAsync(lease, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the transport has reported a connection's end, which its commands notice a moment earlier.</summary>
    public async Task NotCurrentAsync(ConnectionLease lease, CancellationToken cancellationToken)
    {
        await lease.Lost.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate) RenewLocked(lease);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        // The token ends a first connect that is under way, and that connect then releases the semaphore.
        await _connecting.WaitAsync().ConfigureAwait(false);
        if (_run is not null) await _run.ConfigureAwait(false);
        Close(Disposed(), reason: null);
    }

    private static ObjectDisposedException Disposed() => new(nameof(GatewayClient), "The client was disposed.");

    private async Task ConnectFirstAsync(CancellationToken cancellationToken)
    {
        lock (_gate) _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SetState(GatewayConnectionState.Connecting, reason: null);
        try
        {
            var lease = options.RetryFirstConnect
                ? await OpenAsync(retries: 0, lost: null, cancellationToken).ConfigureAwait(false)
                : await OpenOnceAsync(cancellationToken).ConfigureAwait(false);
            _run = RunAsync(lease);
        }
        catch (Exception e)
        {
            var failure = e is OperationCanceledException or GatewayClientException ? e : new GatewayClientException(
                ClientErrorCode.ConnectionFailed, GatewayAddress.Describe(address, options.Wire, e), e);
            Close(failure, e);
            if (ReferenceEquals(failure, e)) throw;
            throw failure;
        }
    }

    private async Task RunAsync(ConnectionLease lease)
    {
        var retries = 0L;
        try
        {
            while (true)
            {
                Publish(lease);
                var since = options.TimeProvider.GetTimestamp();
                var reason = await WatchAsync(lease).ConfigureAwait(false);
                lock (_gate) RenewLocked(lease);
                if (reason is GatewayClientException final) throw final;
                SetState(GatewayConnectionState.Reconnecting, reason);
                await lease.DisposeAsync().ConfigureAwait(false);

                retries = options.TimeProvider.GetElapsedTime(since) < StableAfter ? retries + 1 : 1;
                lease = await OpenAsync(
                    retries - 1, reason ?? new IOException("The gateway closed the connection."), _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // This is the normal end, also of a try that fails at this moment: DisposeAsync fails whatever still waits.
        }
        catch (Exception e)
        {
            LogGivenUp(e);
            Close(e as GatewayClientException ?? new GatewayClientException(ClientErrorCode.ConnectionFailed, e.Message, e), e);
        }
        finally
        {
            await lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Returns when the connection has ended, with the reason if there is one.
    private async Task<Exception?> WatchAsync(ConnectionLease lease)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var beating = options.HeartbeatInterval == Timeout.InfiniteTimeSpan ? Task.CompletedTask : BeatAsync(lease, over.Token);
        try
        {
            return await lease.Lost.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await beating.ConfigureAwait(false);
        }
    }

    // A connection that is half open looks well until it is asked for something.
    private async Task BeatAsync(ConnectionLease lease, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.HeartbeatInterval, options.TimeProvider, over).ConfigureAwait(false);
                if (await AnswersAsync(lease, over).ConfigureAwait(false)) continue;
                lease.End(new TimeoutException($"The gateway did not answer a heartbeat within {options.HeartbeatTimeout.TotalSeconds:0.###} seconds."));
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionBrokenException)
        {
            // The connection has ended, or the client is done.
        }
        catch (Exception e)
        {
            // A connection that cannot be asked is none.
            lease.End(e);
        }
    }

    private async Task<bool> AnswersAsync(ConnectionLease lease, CancellationToken over)
    {
        using var timeout = new CancellationTokenSource(options.HeartbeatTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, timeout.Token);
        var heard = lease.Heard;
        try
        {
            await lease.InvokeAsync(CommandTable.Ping, null, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (GatewayClientException)
        {
            // A refusal is a sign of life, too.
            return true;
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            // Whatever else has come meanwhile shows that the connection lives, and that the answer waits behind it.
            return lease.Heard != heard;
        }
    }

    private async Task<ConnectionLease> OpenAsync(long retries, Exception? lost, CancellationToken cancellationToken)
    {
        var since = options.TimeProvider.GetTimestamp();
        while (true)
        {
            if (lost is not null)
            {
                var context = new RetryContext
                {
                    PreviousRetryCount = retries++,
                    ElapsedTime = options.TimeProvider.GetElapsedTime(since),
                    RetryReason = lost,
                };
                var delay = options.RetryPolicy.NextRetryDelay(context) ?? throw new GatewayClientException(
                    ClientErrorCode.ConnectionFailed,
                    options.RetryPolicy is LimitedReconnectPolicy ? LimitedReconnectPolicy.GivenUp : $"Gave up connecting to {address}: {lost.Message}",
                    lost);
                LogRetry(retries, delay, lost.Message);
                if (delay > TimeSpan.Zero) await Task.Delay(delay, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                return await OpenOnceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                lost = e;
            }
        }
    }

    private async Task<ConnectionLease> OpenOnceAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lease = Create();
        try
        {
            await lease.StartAsync(cancellationToken).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private ConnectionLease Create()
    {
        if (options.Wire != GatewayWire.WebSocket) return new HubLease(Build(), observer.OnEvent);
        var settings = new HttpConnectionOptions();
        options.ConfigureConnection?.Invoke(settings);
        return new WebSocketLease(address, settings, (options.HeartbeatInterval, options.HeartbeatTimeout), observer.OnEvent);
    }

    private HubConnection Build()
    {
        var builder = new HubConnectionBuilder()
            .WithUrl(address, connection => options.ConfigureConnection?.Invoke(connection))
            .AddGatewayWire(options.Wire);
        if (options.LoggerFactory is not null) builder.Services.AddSingleton(options.LoggerFactory);
        options.ConfigureHub?.Invoke(builder);

        // This class reconnects; a second owner of the connection would race with it.
        builder.Services.RemoveAll<IRetryPolicy>();
        builder.Services.PostConfigure<HttpConnectionOptions>(connection => connection.UseStatefulReconnect = false);
        return builder.Build();
    }

    private void Publish(ConnectionLease lease)
    {
        lock (_gate) _ready!.TrySetResult(lease);
        SetState(GatewayConnectionState.Connected, reason: null);
        observer.OnConnected();
    }

    // Whoever notices the end of a connection first makes all others wait for the next connection.
    private void RenewLocked(ConnectionLease lease)
    {
        if (_ready is { Task.IsCompletedSuccessfully: true } ready && ready.Task.Result == lease)
        {
            _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Close(Exception failure, Exception? reason)
    {
        if (_stop.IsCancellationRequested) (failure, reason) = (Disposed(), null);
        lock (_gate)
        {
            if (_ready is null || !_ready.TrySetException(failure))
            {
                _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _ready.SetException(failure);
            }

            // Reading the exception marks it as observed: it is in order that nobody waits for it.
            _ = _ready.Task.Exception;
        }

        SetState(GatewayConnectionState.Closed, reason);
        observer.OnClosed(failure);
    }

    private void SetState(GatewayConnectionState state, Exception? reason)
    {
        lock (_gate)
        {
            if (State == state) return;
            State = state;
        }

        LogState(state, reason?.Message);
        observer.OnStateChanged(state, reason);
    }
}

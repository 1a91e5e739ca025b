using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Gateway.Contracts;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Gateway.Client.Connection;

/// <summary>One connection to the SignalR hub.</summary>
internal sealed class HubLease : ConnectionLease
{
    // SignalR drops a connection and reports its end moments later; this is the longest wait for the report.
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private readonly HubConnection _hub;

    public HubLease(HubConnection hub, Action<ConnectionLease, SessionEvent> received)
        : base(received)
    {
        _hub = hub;
        _hub.Closed += reason =>
        {
            End(reason);
            return Task.CompletedTask;
        };

        foreach (var kind in SessionEvents.All)
        {
            _hub.On(kind.HubMethod, [kind.JsonType.Type], (arguments, _) =>
            {
                Receive((SessionEvent)arguments[0]!);
                return Task.CompletedTask;
            }, this);
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken) => _hub.StartAsync(cancellationToken);

    public override async Task<SessionAck?> InvokeAsync(CommandInfo command, object? data, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(command, data, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            if (await MeaningAsync(e, cancellationToken).ConfigureAwait(false) is { } meaning) throw meaning;
            throw;
        }
    }

    public override async IAsyncEnumerable<InboxFrame> WatchInboxAsync(WatchInbox watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frames = _hub.StreamAsyncCore<InboxFrame>(nameof(IWorkflowHub.WatchInbox), [watch], cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var end = frames.ConfigureAwait(false);
        while (true)
        {
            try
            {
                if (!await frames.MoveNextAsync().ConfigureAwait(false)) break;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e)
            {
                if (await MeaningAsync(e, cancellationToken).ConfigureAwait(false) is { } meaning) throw meaning;
                throw;
            }

            NoteLife();
            yield return frames.Current;
        }

        // SignalR ends the streams of a connection that ends as if all had been read.
        cancellationToken.ThrowIfCancellationRequested();
        if (Lost.IsCompleted || _hub.State != HubConnectionState.Connected) throw new ConnectionBrokenException(sent: true, null);
        throw new IOException("The gateway has ended the stream of the inbox.");
    }

    public override async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync().ConfigureAwait(false);
        End(null);
    }

    private async Task<SessionAck?> CallAsync(CommandInfo command, object? data, CancellationToken cancellationToken)
    {
        object?[] arguments = data switch
        {
            null => [],
            Subscribe subscribe => [subscribe.SessionId, subscribe.AfterSeq ?? 0],
            Unsubscribe unsubscribe => [unsubscribe.SessionId],
            _ => [data],
        };
        var method = command.HubMethods[0];
        SessionAck? ack = null;
        if (command == CommandTable.Ping) await _hub.InvokeCoreAsync<string>(method, arguments, cancellationToken).ConfigureAwait(false);
        else if (command == CommandTable.Unsubscribe) await _hub.InvokeCoreAsync<object?>(method, arguments, cancellationToken).ConfigureAwait(false);
        else ack = await _hub.InvokeCoreAsync<SessionAck>(method, arguments, cancellationToken).ConfigureAwait(false);
        NoteLife();
        return ack;
    }

    // Null for what is neither a refusal nor the connection's end.
    private async Task<Exception?> MeaningAsync(Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case HubException e:
                return Refusal.IsServerClose(e) ? new ConnectionBrokenException(sent: true, e) : Refusal.Parse(e);
            case InvalidOperationException and not ObjectDisposedException:
                // SignalR throws this before it sends anything. It may find the connection gone while its state still says connected.
                if (_hub.State == HubConnectionState.Connected && !await IsEndingAsync(cancellationToken).ConfigureAwait(false)) return null;
                return new ConnectionBrokenException(sent: false, exception);
            default:
                return IsBroken(exception) ? new ConnectionBrokenException(sent: true, exception) : null;
        }
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

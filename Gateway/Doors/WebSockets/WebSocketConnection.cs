using System.Buffers;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Doors.WebSockets;

/// <summary>One client on <c>/ws</c>: reads its frames one after another and answers each before the next.</summary>
internal sealed partial class WebSocketConnection(
    WebSocket socket,
    FrameSender sender,
    SessionCommands commands,
    SessionFeeds feeds,
    Replies replies,
    ClientLimits limits,
    InlineWorkflow definitions,
    GatewayWebSocketOptions options,
    TimeProvider time,
    ILogger<WebSocketConnection> logger)
{
    private const int FirstBufferLength = 1024;

    private string? _currentSession;
    private CommandAllowance _allowance;

    /// <summary>Subscribes as the address asks, then serves the client until it leaves.</summary>
    public async Task RunAsync(ConnectionRequest request, BroadcastStart? broadcast, CancellationToken cancellationToken)
    {
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        sender.OnlySession = request.SessionId;
        sender.Refused = refusal => _ = CloseRefusedAsync(refusal, closing);
        try
        {
            if (await OpenAsync(request, broadcast, cancellationToken)) await ReceiveAllAsync(closing.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Leaving without a goodbye is an ordinary end.
            LogLeft(exception.Message);
        }
        finally
        {
            await feeds.RemoveAsync(sender);
        }
    }

    private async Task<bool> OpenAsync(ConnectionRequest request, BroadcastStart? broadcast, CancellationToken cancellationToken)
    {
        if (broadcast is not null)
        {
            feeds.SubscribeToAll(sender, broadcast);
            return true;
        }

        try
        {
            if (request.Refusal is { } refusal) throw refusal;
            await SubscribeAsync(request.SessionId!, request.AfterSeq, request.Snapshot, request.Merge, cancellationToken);
            return true;
        }
        catch (Exception exception) when (ToRefusal(exception) is { } refusal)
        {
            sender.OnlySession = null;
            await sender.SendAsync(replies.Error(null, null, request.SessionId, refusal));
            await CloseAsync(CloseCode.PolicyViolation, refusal.Code, cancellationToken);
            return false;
        }
    }

    private async Task ReceiveAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Waits without a buffer, so that an idle connection holds none.
            var first = await socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
            if (first.MessageType == WebSocketMessageType.Close)
            {
                // Nothing is left to say when this is the answer to a close of ours.
                if (socket.State != WebSocketState.CloseReceived) return;
                using (sender.AbortAfter(options.CloseTimeout)) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                return;
            }

            if (first.MessageType == WebSocketMessageType.Binary)
            {
                await CloseAsync(CloseCode.UnsupportedData, "Messages are text.", cancellationToken);
                return;
            }

            var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferLength);
            try
            {
                var length = 0;
                for (var end = first.EndOfMessage; !end;)
                {
                    if (length == buffer.Length) buffer = Grow(buffer);
                    // One byte more than allowed tells enough; the socket fills what it is given before it returns.
                    var room = Math.Min(buffer.Length, options.MaxMessageBytes + 1) - length;
                    var received = await socket.ReceiveAsync(buffer.AsMemory(length, room), cancellationToken);
                    length += received.Count;
                    end = received.EndOfMessage;
                    if (length > options.MaxMessageBytes)
                    {
                        limits.RefusedMessage();
                        await CloseAsync(CloseCode.MessageTooBig, $"A message has at most {options.MaxMessageBytes} bytes.", cancellationToken);
                        return;
                    }
                }

                await HandleAsync(buffer.AsMemory(0, length), cancellationToken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        CommandFrame frame;
        try
        {
            frame = CommandFrame.Parse(message);
        }
        catch (CommandFrameException exception)
        {
            await sender.SendAsync(replies.Error(exception.Id, exception.Command, null, Counted(exception.Refusal)));
            return;
        }

        try
        {
            if (frame.Command != CommandNames.Ping) limits.RequireCommand(ref _allowance);
            var sessionId = await ExecuteAsync(frame, cancellationToken);
            if (frame.Command == CommandNames.Ping) await sender.SendAsync(replies.Pong(frame.Id));
            else if (frame.Id is not null) await sender.SendAsync(replies.Ack(frame.Id, sessionId));
        }
        catch (Exception exception) when (ToRefusal(exception) is { } refusal)
        {
            await sender.SendAsync(replies.Error(frame.Id, frame.Command, null, refusal));
        }
    }

    // What cannot be read costs as much as what can.
    private GatewayException Counted(GatewayException refusal)
    {
        try
        {
            limits.RequireCommand(ref _allowance);
            return refusal;
        }
        catch (GatewayException tooMany)
        {
            return tooMany;
        }
    }

    private async Task<string?> ExecuteAsync(CommandFrame frame, CancellationToken cancellationToken)
    {
        switch (frame.Command)
        {
            case CommandNames.Ping:
                return null;
            case CommandNames.StartSession:
                feeds.RequireRoom(sender);
                if (frame.Data.ValueKind == JsonValueKind.Object) definitions.CheckIn(JsonMarshal.GetRawUtf8Value(frame.Data));
                var ack = await commands.StartAsync(frame.ReadData(ContractsJson.Wire.StartSession), cancellationToken);
                _currentSession = ack.SessionId;
                await feeds.SubscribeIfNewAsync(sender, ack.SessionId, cancellationToken);
                return ack.SessionId;
            case CommandNames.PauseSession:
                return (await commands.PauseAsync(Resolve(frame.ReadData(ContractsJson.Wire.PauseSession).SessionId), cancellationToken)).SessionId;
            case CommandNames.ResumeSession:
                return (await commands.ResumeAsync(Resolve(frame.ReadData(ContractsJson.Wire.ResumeSession).SessionId), cancellationToken)).SessionId;
            case CommandNames.CancelSession:
                return (await commands.CancelAsync(Resolve(frame.ReadData(ContractsJson.Wire.CancelSession).SessionId), cancellationToken)).SessionId;
            case CommandNames.UserInput:
                var input = frame.ReadData(ContractsJson.Wire.UserInput);
                return (await commands.UserInputAsync(Resolve(input.SessionId), input, cancellationToken)).SessionId;
            case CommandNames.Subscribe:
                var subscribe = frame.ReadData(ContractsJson.Wire.Subscribe);
                var sessionId = subscribe.SessionId ?? throw new GatewayException(ErrorCode.InvalidData, "'session_id' is missing: say which session to send.");
                await SubscribeAsync(sessionId, subscribe.AfterSeq ?? 0, subscribe.Snapshot == true, merge: false, cancellationToken);
                return sessionId;
            case CommandNames.Unsubscribe:
                var left = SessionId.Require(Resolve(frame.ReadData(ContractsJson.Wire.Unsubscribe).SessionId));
                feeds.Unsubscribe(sender, left);
                if (sender.OnlySession == left) sender.OnlySession = null;
                return left;
            default:
                throw new GatewayException(
                    ErrorCode.UnknownCommand,
                    "There is no such command; there are start_session, pause_session, resume_session, user_input, cancel_session, subscribe, unsubscribe and ping.");
        }
    }

    private async Task SubscribeAsync(string sessionId, long afterSeq, bool snapshot, bool merge, CancellationToken cancellationToken)
    {
        if (snapshot)
        {
            using var earlier = feeds.Suspend(sender, sessionId);
            var state = await commands.GetAsync(sessionId, cancellationToken);
            earlier?.Replace();
            await sender.SendAsync(replies.Snapshot(state));
            afterSeq = state.LastSeq;
        }

        await feeds.SubscribeAsync(sender, sessionId, afterSeq, merge, cancellationToken);
        _currentSession = sessionId;
    }

    private string Resolve(string? sessionId) => sessionId ?? _currentSession ?? throw NoSession.Create();

    private GatewayException? ToRefusal(Exception exception)
    {
        switch (exception)
        {
            case GatewayException refusal:
                return refusal;
            case StorageException:
                LogStorage(exception);
                return new GatewayException(ErrorCode.StorageUnavailable, "The session log does not work at the moment; try again.");
            case WebSocketException or IOException or OperationCanceledException or ObjectDisposedException:
                return null;
            default:
                LogUnexpected(exception);
                return new GatewayException(ErrorCode.InternalError, "The gateway failed to do this; its log says why.");
        }
    }

    // The session that the address names goes no further: the client is told to stay away, and has a while to answer.
    private async Task CloseRefusedAsync(GatewayException refusal, CancellationTokenSource receiving)
    {
        try
        {
            using (sender.AbortAfter(options.CloseTimeout)) await socket.CloseOutputAsync((WebSocketCloseStatus)CloseCode.PolicyViolation, refusal.Code, receiving.Token);
            await Task.Delay(options.CloseTimeout, time, receiving.Token);
            await receiving.CancelAsync();
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It has left by itself.
        }
    }

    private async Task CloseAsync(int code, string reason, CancellationToken cancellationToken)
    {
        using var timeout = sender.AbortAfter(options.CloseTimeout);
        await socket.CloseAsync((WebSocketCloseStatus)code, reason, cancellationToken);
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Debug, Message = "A WebSocket client left: {Reason}")]
    private partial void LogLeft(string reason);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "A command met a store that does not work")]
    private partial void LogStorage(Exception exception);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Error, Message = "A command failed unexpectedly")]
    private partial void LogUnexpected(Exception exception);
}

using System.Buffers;
using System.Net.WebSockets;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Transport;

namespace Gateway.Doors.WebSockets;

/// <summary>One client on <c>/ws</c>: reads its frames one after another and answers each before the next.</summary>
internal sealed partial class WebSocketConnection(Caller caller, WebSocket socket, FrameSender sender, WebSocketConnections door, ILogger<WebSocketConnection> logger)
{
    private const int FirstBufferLength = 1024;

    private readonly ClientConnection _client = new(caller, sender) { SendSnapshot = door.SendSnapshot };

    /// <summary>Subscribes as the address asks, then serves the client until it leaves.</summary>
    public async Task RunAsync(ConnectionRequest request, BroadcastMember? broadcast, CancellationTokenSource end)
    {
        sender.OnlySession = request.SessionId;
        sender.Refused = refusal => _ = CloseRefusedAsync(refusal, end);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        var inbox = Task.CompletedTask;
        try
        {
            if (!await OpenAsync(request, broadcast, end.Token)) return;
            if (request.Inbox is { } watch) inbox = SendInboxAsync(watch, end, watching.Token);
            await ReceiveAllAsync(end.Token);
        }
        catch (Exception exception) when (IsLeaving(exception))
        {
            // Leaving without a goodbye is an ordinary end.
            LogLeft(exception.Message);
        }
        finally
        {
            await watching.CancelAsync();
            await door.Feeds.RemoveAsync(sender);
            await inbox;
        }
    }

    // Beside the client's own commands, since it answers what it reads here.
    private async Task SendInboxAsync(WatchInbox watch, CancellationTokenSource end, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in door.Inbox.Watch(_client.Caller, watch, cancellationToken)) await sender.SendAsync(WebSocketFrame.Create(WebSocketMessageType.Text, message.Json));
        }
        catch (Exception exception) when (IsLeaving(exception))
        {
            LogLeft(exception.Message);
        }
        catch (Exception exception)
        {
            var refusal = door.Refusals.Report("The inbox of a WebSocket", exception);
            if (!IsLasting(exception))
            {
                sender.Abort();
                return;
            }

            await sender.SendAsync(door.Replies.Error(null, null, null, refusal));
            _ = CloseRefusedAsync(refusal, end);
        }
    }

    private async Task<bool> OpenAsync(ConnectionRequest request, BroadcastMember? broadcast, CancellationToken cancellationToken)
    {
        if (broadcast is not null)
        {
            broadcast.Open(sender);
            return true;
        }

        if (request.IsQuiet) return true;
        try
        {
            if (request.Refusal is { } refusal) throw refusal;
            if (request.Inbox is { } watch)
            {
                await door.Inbox.RequireAsync(watch, cancellationToken);
                return true;
            }

            await door.Commands.SubscribeAsync(_client, request.ToCommand(), request.Merge, cancellationToken);
            return true;
        }
        catch (Exception exception) when (!IsLeaving(exception))
        {
            var refusal = door.Refusals.Report("A WebSocket's address", exception);
            sender.OnlySession = null;
            await sender.SendAsync(door.Replies.Error(null, null, request.SessionId, refusal));

            // A close frame would keep known clients away for ever: they come back by themselves only to a connection that ends without one.
            if (!Passes(refusal.Code) || IsLasting(exception)) await CloseAsync(CloseCode.PolicyViolation, refusal.Code, cancellationToken);
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
                // A close frame of ours has been sent already when this one is its answer.
                if (socket.State != WebSocketState.CloseReceived) return;
                using (sender.AbortAfter(door.Options.CloseTimeout)) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                return;
            }

            if (first.MessageType == WebSocketMessageType.Binary)
            {
                await CloseAsync(CloseCode.UnsupportedData, "Messages are text.", cancellationToken);
                return;
            }

            if (!await ReceiveMessageAsync(first.EndOfMessage, cancellationToken)) return;
        }
    }

    // Returns false when the message was too large and the connection has been closed for it.
    private async Task<bool> ReceiveMessageAsync(bool isEmpty, CancellationToken cancellationToken)
    {
        var largest = door.Options.MaxMessageBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferLength);
        ByteShare? share = null;
        GatewayException? refusal = null;
        try
        {
            var (length, passedOver) = (0, 0);
            for (var end = isEmpty; !end;)
            {
                if (length == buffer.Length)
                {
                    if (share is null && refusal is null && length >= LargeMessages.Small && largest > LargeMessages.Small) (share, refusal) = await TakeAsync(largest, cancellationToken);
                    if (refusal is null) buffer = Grow(buffer);
                }

                // Of what is refused, the beginning is kept, which may tell what it was.
                var at = refusal is null ? length : buffer.Length / 2;
                // One byte more than allowed tells enough; the socket fills what it is given before it returns.
                var room = Math.Min(buffer.Length - at, largest + 1 - length - passedOver);
                var received = await socket.ReceiveAsync(buffer.AsMemory(at, room), cancellationToken);
                if (refusal is null) length += received.Count;
                else passedOver += received.Count;
                end = received.EndOfMessage;
                if (length + passedOver > largest)
                {
                    door.Limits.RefusedMessage();
                    await CloseAsync(CloseCode.MessageTooBig, $"A message has at most {largest} bytes.", cancellationToken);
                    return false;
                }
            }

            share?.FinishTransfer();
            var answer = refusal is null ? await AnswerAsync(buffer.AsMemory(0, length), cancellationToken) : AnswerRefused(buffer.AsSpan(0, buffer.Length / 2), refusal);
            if (answer is not null) await sender.SendAsync(answer);
            return true;
        }
        finally
        {
            share?.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<(ByteShare? Share, GatewayException? Refusal)> TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        try
        {
            var share = await door.Large.TakeAsync(bytes, cancellationToken);
            share.BeginTransfer(sender.Abort);
            return (share, null);
        }
        catch (GatewayException refusal)
        {
            return (null, refusal);
        }
    }

    private byte[] AnswerRefused(ReadOnlySpan<byte> beginning, GatewayException refusal)
    {
        var (id, name) = CommandFrame.PeekBeginning(beginning);
        try
        {
            // It counts like one that was done.
            door.Commands.Count(_client, null);
        }
        catch (GatewayException other)
        {
            refusal = other;
        }

        return door.Replies.Error(id, name, null, door.Refusals.Report($"The WebSocket command '{name}'", refusal));
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    // Returns the frame to answer with; null when a command without an id was accepted.
    private async Task<byte[]?> AnswerAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        string? id = null;
        string? name = null;
        try
        {
            var frame = Parse(message, out id, out name);
            var command = CommandTable.Find(frame.Command);
            door.Commands.Count(_client, command);
            if (command is null) throw UnknownCommand();
            if (command == CommandTable.Ping) return door.Replies.Pong(id);

            var ack = await door.Commands.ExecuteAsync(_client, command, door.Text.Read(command, frame.DataText), cancellationToken);
            return id is null ? null : door.Replies.Ack(id, ack);
        }
        catch (Exception exception) when (!IsLeaving(exception))
        {
            return door.Replies.Error(id, name, null, door.Refusals.Report($"The WebSocket command '{name}'", exception));
        }
    }

    private static GatewayException UnknownCommand()
    {
        var names = CommandTable.All.Select(command => command.Name).ToList();
        return new(ErrorCode.UnknownCommand, $"There is no such command; there are {string.Join(", ", names[..^1])} and {names[^1]}.");
    }

    private CommandFrame Parse(ReadOnlyMemory<byte> message, out string? id, out string? name)
    {
        try
        {
            var frame = CommandFrame.Parse(message);
            (id, name) = (frame.Id, frame.Command);
            return frame;
        }
        catch (CommandFrameException exception)
        {
            (id, name) = (exception.Id, exception.Command);
            // A frame that cannot be read costs as much as one that can.
            door.Commands.Count(_client, null);
            throw exception.Refusal;
        }
    }

    // The session that the address names goes no further: the client is told to stay away, and has a while to answer.
    private async Task CloseRefusedAsync(GatewayException refusal, CancellationTokenSource receiving)
    {
        try
        {
            using (sender.AbortAfter(door.Options.CloseTimeout)) await socket.CloseOutputAsync((WebSocketCloseStatus)CloseCode.PolicyViolation, refusal.Code, receiving.Token);
            await Task.Delay(door.Options.CloseTimeout, door.Time, receiving.Token);
            await receiving.CancelAsync();
        }
        catch (Exception exception) when (IsLeaving(exception))
        {
            // The client has left by itself.
        }
    }

    private async Task CloseAsync(int code, string reason, CancellationToken cancellationToken)
    {
        using var timeout = sender.AbortAfter(door.Options.CloseTimeout);
        await socket.CloseAsync((WebSocketCloseStatus)code, reason, cancellationToken);
    }

    private static bool Passes(string code) =>
        code is ErrorCode.LimitExceeded or ErrorCode.StorageUnavailable or ErrorCode.ShuttingDown or ErrorCode.InternalError;

    private static bool IsLasting(Exception exception) => exception is StorageException { IsLasting: true };

    private static bool IsLeaving(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;
}

using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace Gateway.Client.Connection;

/// <summary>One connection to <c>/ws</c>: JSON text frames, no SignalR.</summary>
internal sealed class WebSocketLease : ConnectionLease
{
    private const int ReadBytes = 16 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<SessionAck?>> _waiting = new(StringComparer.Ordinal);
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _left = new();
    private readonly HttpConnectionOptions _settings;
    private readonly (TimeSpan Interval, TimeSpan Timeout) _proof;
    private readonly Uri _given;
    private readonly Uri _address;
    private Task _receiving = Task.CompletedTask;
    private long _lastId;

    /// <param name="address">The address of the wire.</param>
    /// <param name="settings">What is set for connections.</param>
    /// <param name="proof">How often a connection with the inbox, which has no commands, is asked for a sign of life, and how long it may take to give one.</param>
    /// <param name="received">Is given each event.</param>
    public WebSocketLease(Uri address, HttpConnectionOptions settings, (TimeSpan Interval, TimeSpan Timeout) proof, Action<ConnectionLease, SessionEvent> received)
        : base(received)
    {
        (_given, _address, _settings, _proof) = (address, SocketAddress(address, "live=false"), settings, proof);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(_address, _settings, ConnectTimeout, cancellationToken).ConfigureAwait(false);
        _receiving = Task.Run(ReceiveAllAsync, CancellationToken.None);
    }

    public override async Task<SessionAck?> InvokeAsync(CommandInfo command, object? data, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<SessionAck?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            await SendAsync(Frame(command, id, data), cancellationToken).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using var timeout = new CancellationTokenSource(CloseTimeout);
                await _sending.WaitAsync(timeout.Token).ConfigureAwait(false);
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // A connection that is gone needs no goodbye.
        }

        await _left.CancelAsync().ConfigureAwait(false);
        _socket.Abort();
        await _receiving.ConfigureAwait(false);
        EndAll(null);
        _socket.Dispose();
    }

    /// <summary>The inbox has an address, and so a connection, of its own; it ends with this one.</summary>
    public override async IAsyncEnumerable<InboxFrame> WatchInboxAsync(WatchInbox watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _left.Token);
        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = _proof.Interval;
        socket.Options.KeepAliveTimeout = _proof.Timeout;
        await TellingAsync(socket.ConnectAsync(SocketAddress(_given, InboxQuery(watch)), _settings, ConnectTimeout, either.Token), cancellationToken).ConfigureAwait(false);
        var buffer = new ArrayBufferWriter<byte>(ReadBytes);
        GatewayClientException? refusal = null;
        while (true)
        {
            var reading = ReceiveMessageAsync(socket, buffer, either.Token);
            await TellingAsync(reading, cancellationToken).ConfigureAwait(false);
            if (!await reading.ConfigureAwait(false)) break;
            var (frame, refused) = ReadInbox(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
            refusal = refused ?? refusal;
            if (frame is not null) yield return frame;
        }

        var goodbye = socket.Goodbye();
        throw goodbye is GatewayClientException ? refusal ?? goodbye : goodbye;
    }

    /// <summary>The address with its scheme, asking for what the query says and for nothing else.</summary>
    internal static Uri SocketAddress(Uri address, string query)
    {
        var builder = new UriBuilder(address) { Fragment = string.Empty };
        builder.Scheme = address.Scheme is "https" or "wss" ? "wss" : "ws";
        builder.Query = builder.Query.Length > 1 ? $"{builder.Query[1..]}&{query}" : query;
        return builder.Uri;
    }

    private static string InboxQuery(WatchInbox watch) => "inbox=true" + string.Concat(
        new (string Name, string? Value)[] { ("assignee", watch.Assignee), ("workflow_id", watch.WorkflowId), ("after", watch.After) }
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"&{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));

    // A frame that cannot be read is one of a kind that this client does not know.
    private static (InboxFrame? Frame, GatewayClientException? Refusal) ReadInbox(ReadOnlySpan<byte> message)
    {
        try
        {
            var json = JsonElement.Parse(message);
            if (json.GetProperty("event").GetString() != ReplyNames.Error) return (json.Deserialize(ContractsJson.Wire.InboxFrame), null);
            var data = json.Deserialize(ContractsJson.Wire.ReplyFrame)!.Data;
            return (null, new GatewayClientException(data.Code ?? ErrorCode.InternalError, data.Error ?? "The gateway refused without a reason."));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return default;
        }
    }

    // How the end of a connection of the inbox is told: as that of this one, or as a fault of its own.
    private async Task TellingAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e) || e is HttpRequestException or TimeoutException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_left.IsCancellationRequested) throw new ConnectionBrokenException(sent: true, e);
            throw new IOException($"The connection with the inbox was lost: {e.Message}", e);
        }
    }

    private static ArrayBufferWriter<byte> Frame(CommandInfo command, string id, object? data)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("cmd"u8, command.Name);
        writer.WriteString("id"u8, id);
        if (data is not null)
        {
            writer.WritePropertyName("data"u8);
            JsonSerializer.Serialize(writer, data, command.Data!);
        }

        writer.WriteEndObject();
        return buffer;
    }

    private async Task SendAsync(ArrayBufferWriter<byte> frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        var sent = false;
        try
        {
            if (Lost.IsCompleted || _socket.State != WebSocketState.Open) throw new ConnectionBrokenException(sent: false, null);

            // A caller that gives up waiting must not end the connection, as a cancelled send would.
            sent = true;
            await _socket.SendAsync(frame.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, _left.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e))
        {
            throw new ConnectionBrokenException(sent, e);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAllAsync()
    {
        Exception? reason = null;
        var buffer = new ArrayBufferWriter<byte>(ReadBytes);
        try
        {
            while (await ReceiveMessageAsync(_socket, buffer, _left.Token).ConfigureAwait(false))
            {
                OnMessage(buffer.WrittenSpan);
                buffer.ResetWrittenCount();
            }

            reason = _socket.Goodbye();
        }
        catch (Exception e)
        {
            reason = e;
        }

        EndAll(reason);
    }

    // Returns false when the gateway closes the connection.
    private static async Task<bool> ReceiveMessageAsync(ClientWebSocket socket, ArrayBufferWriter<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.GetMemory(ReadBytes), cancellationToken).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) return false;
            buffer.Advance(part.Count);
            if (part.EndOfMessage) return true;
        }
    }

    // Who hears that a frame cannot be read? The reader that misses its event asks for it again.
    private void OnMessage(ReadOnlySpan<byte> message)
    {
        NoteLife();
        try
        {
            var kind = EventSerializer.ReadKind(message);
            if (kind is not null && HasSeq(message)) Receive((SessionEvent)JsonSerializer.Deserialize(message, kind.JsonType)!);
            else OnReply(message);
        }
        catch (JsonException)
        {
            // Dropped, as SignalR does.
        }
    }

    private void OnReply(ReadOnlySpan<byte> message)
    {
        if (JsonSerializer.Deserialize(message, ContractsJson.Wire.ReplyFrame) is not { } reply) return;
        var data = reply.Data;
        if (reply.Id is { } id && _waiting.TryGetValue(id, out var answer))
        {
            if (reply.Event == ReplyNames.Error) answer.TrySetException(new GatewayClientException(data.Code ?? ErrorCode.InternalError, data.Error ?? "The gateway refused without a reason."));
            else answer.TrySetResult(reply.Event == ReplyNames.Ack ? new SessionAck { SessionId = data.SessionId ?? string.Empty, Seq = data.Seq } : null);
        }
        else if (reply is { Event: ReplyNames.Error, Id: null } && data is { SessionId: { } sessionId, Code: { } code })
        {
            // A subscription that cannot go on; the hub says so with an event that has seq 0.
            Receive(new SessionEvent<ExecutionError>
            {
                Timestamp = reply.Timestamp,
                Seq = 0,
                Data = new ExecutionError { SessionId = sessionId, Error = data.Error ?? code, Code = code },
            });
        }
    }

    // An error has a seq when it is an event of a session, and none when it answers a frame of this connection.
    private static bool HasSeq(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("seq"u8)) return true;
            reader.Read();
            reader.Skip();
        }

        return false;
    }

    private void EndAll(Exception? reason)
    {
        End(reason);
        foreach (var answer in _waiting.Values) answer.TrySetException(new ConnectionBrokenException(sent: true, reason));
    }

    private static bool IsEnd(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException;
}

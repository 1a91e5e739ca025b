using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
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
    private readonly Uri _address;
    private Task _receiving = Task.CompletedTask;
    private long _lastId;

    public WebSocketLease(Uri address, HttpConnectionOptions settings, Action<ConnectionLease, SessionEvent> received)
        : base(received)
    {
        (_address, _settings) = (SocketAddress(address), settings);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ConfigureAsync().ConfigureAwait(false);
        using var timeout = new CancellationTokenSource(ConnectTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _socket.ConnectAsync(_address, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The connection was not made within {ConnectTimeout.TotalSeconds} seconds.", e);
        }
        catch (WebSocketException e) when (_socket.HttpStatusCode != 0)
        {
            throw new HttpRequestException(e.Message, e, _socket.HttpStatusCode);
        }

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

    /// <summary>The address with its scheme, and asking for nothing but what is subscribed to.</summary>
    internal static Uri SocketAddress(Uri address)
    {
        var builder = new UriBuilder(address) { Fragment = string.Empty };
        builder.Scheme = address.Scheme is "https" or "wss" ? "wss" : "ws";
        builder.Query = builder.Query.Length > 1 ? $"{builder.Query[1..]}&live=false" : "live=false";
        return builder.Uri;
    }

    // What is set for SignalR's connections holds for this one too, as far as it concerns a WebSocket.
    private async Task ConfigureAsync()
    {
        var options = _socket.Options;
        options.CollectHttpResponseDetails = true;
        foreach (var (name, value) in _settings.Headers) options.SetRequestHeader(name, value);
        if (_settings.AccessTokenProvider is { } provider && await provider().ConfigureAwait(false) is { Length: > 0 } token) options.SetRequestHeader("Authorization", $"Bearer {token}");
        if (_settings.Cookies.Count > 0) options.Cookies = _settings.Cookies;
        if (_settings.Credentials is { } credentials) options.Credentials = credentials;
        if (_settings.UseDefaultCredentials is { } useDefault) options.UseDefaultCredentials = useDefault;
        if (_settings.Proxy is { } proxy) options.Proxy = proxy;
        if (_settings.ClientCertificates is { Count: > 0 } certificates) options.ClientCertificates.AddRange(certificates);
        _settings.WebSocketConfiguration?.Invoke(options);
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
            while (await ReceiveMessageAsync(buffer).ConfigureAwait(false))
            {
                OnMessage(buffer.WrittenSpan);
                buffer.ResetWrittenCount();
            }

            reason = Goodbye();
        }
        catch (Exception e)
        {
            reason = e;
        }

        EndAll(reason);
    }

    // Returns false when the gateway closes the connection.
    private async Task<bool> ReceiveMessageAsync(ArrayBufferWriter<byte> buffer)
    {
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.GetMemory(ReadBytes), _left.Token).ConfigureAwait(false);
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

    private Exception Goodbye()
    {
        var code = (int?)_socket.CloseStatus;
        var words = _socket.CloseStatusDescription;
        var sentence = $"The gateway closed the connection ({code}{(string.IsNullOrEmpty(words) ? "" : $": {words}")}).";

        // These are the gateway's own. Proxies that restart or tire of waiting close with others, and those pass.
        return code is CloseCode.ProtocolError or CloseCode.UnsupportedData or CloseCode.InvalidPayload or CloseCode.PolicyViolation or CloseCode.MessageTooBig
            ? new GatewayClientException(ClientErrorCode.ConnectionRefused, sentence)
            : new IOException(sentence);
    }

    private void EndAll(Exception? reason)
    {
        End(reason);
        foreach (var answer in _waiting.Values) answer.TrySetException(new ConnectionBrokenException(sent: true, reason));
    }

    private static bool IsEnd(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException;
}

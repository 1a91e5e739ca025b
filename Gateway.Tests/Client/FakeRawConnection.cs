using System.Net.WebSockets;
using System.Security.Claims;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Tests.Client;

/// <summary>One client of the fake gateway on <c>/ws</c>: its frames are the calls of the same fake hub.</summary>
internal sealed class FakeRawConnection(HttpContext http, WebSocket socket) : HubCallerContext, IDisposable
{
    private readonly Channel<JsonElement> _frames = Channel.CreateUnbounded<JsonElement>();
    private readonly SemaphoreSlim _sending = new(1);

    public override string ConnectionId { get; } = Guid.NewGuid().ToString("N");

    public override string? UserIdentifier => null;

    public override ClaimsPrincipal? User => null;

    public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

    public override IFeatureCollection Features { get; } = Feature(http);

    public override CancellationToken ConnectionAborted => http.RequestAborted;

    public override void Abort() => http.Abort();

    public void Dispose() => _sending.Dispose();

    public static async Task ServeAsync(HttpContext http, FakeGateway gateway, CancellationToken stopping)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        using var connection = new FakeRawConnection(http, socket);
        await using var stop = stopping.Register(connection.Abort);
        var hub = new FakeWorkflowHub(gateway) { Context = connection };
        gateway.RawConnections[connection.ConnectionId] = connection;
        await hub.OnConnectedAsync();

        // As on SignalR, a call that hangs holds up those behind it, and does not outlive its connection.
        _ = Task.Run(() => connection.AnswerAllAsync(hub), CancellationToken.None);
        try
        {
            await connection.ReceiveAllAsync();
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The client has left.
        }
        finally
        {
            connection._frames.Writer.TryComplete();
            gateway.RawConnections.TryRemove(connection.ConnectionId, out _);
            await hub.OnDisconnectedAsync(null);
        }
    }

    public Task SendAsync(SessionEvent sessionEvent) => SendAsync(EventSerializer.Serialize(sessionEvent));

    public Task SendGarbageAsync() => SendAsync("""{"event":"token_stream","timestamp":"today","seq":1,"data":42}"""u8.ToArray());

    public async Task CloseAsync(int code, string words)
    {
        await _sending.WaitAsync();
        await socket.CloseOutputAsync((WebSocketCloseStatus)code, words, CancellationToken.None);
        _sending.Release();
    }

    private async Task ReceiveAllAsync()
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), http.RequestAborted);
            if (part.MessageType == WebSocketMessageType.Close) return;
            length += part.Count;
            if (!part.EndOfMessage) continue;
            _frames.Writer.TryWrite(JsonElement.Parse(buffer.AsSpan(0, length)));
            length = 0;
        }
    }

    private async Task AnswerAllAsync(FakeWorkflowHub hub)
    {
        await foreach (var frame in _frames.Reader.ReadAllAsync())
        {
            var (cmd, id) = (frame.GetProperty("cmd").GetString()!, frame.GetProperty("id").GetString());
            var (name, data) = await AnswerAsync(hub, CommandTable.Find(cmd)!, frame);
            await SendAsync(JsonSerializer.SerializeToUtf8Bytes(new ReplyFrame { Event = name, Id = id, Timestamp = new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc), Data = data with { Cmd = name == ReplyNames.Error ? cmd : null } }, ContractsJson.Wire.ReplyFrame));
        }
    }

    private static async Task<(string Name, ReplyData Data)> AnswerAsync(FakeWorkflowHub hub, CommandInfo command, JsonElement frame)
    {
        try
        {
            var data = command.Data is null ? null : JsonSerializer.Deserialize(frame.GetProperty("data"), command.Data);
            var ack = data switch
            {
                StartSession start => await hub.StartSession(start),
                PauseSession pause => await hub.PauseSession(pause),
                ResumeSession resume => await hub.ResumeSession(resume),
                UserInput input => await hub.UserInput(input),
                ForkSession fork => await hub.ForkSession(fork),
                RetrySession retry => await hub.RetrySession(retry),
                CancelSession cancel => await hub.CancelSession(cancel),
                Subscribe subscribe => await hub.Subscribe(subscribe.SessionId!, subscribe.AfterSeq ?? 0),
                Unsubscribe unsubscribe => await UnsubscribeAsync(hub, unsubscribe),
                _ => null,
            };
            if (ack is not null) return (ReplyNames.Ack, new ReplyData { SessionId = ack.SessionId, Seq = ack.Seq });
            await hub.Ping();
            return (ReplyNames.Pong, new ReplyData());
        }
        catch (HubException e)
        {
            var colon = e.Message.IndexOf(": ", StringComparison.Ordinal);
            return (ReplyNames.Error, new ReplyData { Code = e.Message[..colon], Error = e.Message[(colon + 2)..] });
        }
        catch (Exception)
        {
            return (ReplyNames.Error, new ReplyData { Code = ErrorCode.InternalError, Error = "A bug." });
        }
    }

    private static async Task<SessionAck> UnsubscribeAsync(FakeWorkflowHub hub, Unsubscribe command)
    {
        await hub.Unsubscribe(command.SessionId!);
        return new SessionAck { SessionId = command.SessionId! };
    }

    private async Task SendAsync(byte[] message)
    {
        await _sending.WaitAsync();
        try
        {
            if (socket.State == WebSocketState.Open) await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, http.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client has left; its connection ends by itself.
        }
        finally
        {
            _sending.Release();
        }
    }

    private static FeatureCollection Feature(HttpContext http)
    {
        var features = new FeatureCollection();
        features.Set<IHttpContextFeature>(new HttpContextFeature { HttpContext = http });
        return features;
    }

    private sealed class HttpContextFeature : IHttpContextFeature
    {
        public HttpContext? HttpContext { get; set; }
    }
}

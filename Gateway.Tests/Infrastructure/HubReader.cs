using System.Threading.Channels;
using Gateway.Client;
using Gateway.Client.Connection;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>A client on the hub, with either protocol and any transport.</summary>
internal sealed class HubReader : IWireReader
{
    private readonly Channel<SessionEvent> _events = Channel.CreateUnbounded<SessionEvent>();
    private string? _refusal;

    private HubReader(HubConnection connection)
    {
        Connection = connection;
        foreach (var kind in SessionEvents.All)
        {
            connection.On(kind.HubMethod, [kind.JsonType.Type], (arguments, _) => _events.Writer.WriteAsync((SessionEvent)arguments[0]!).AsTask(), this);
        }
    }

    public HubConnection Connection { get; }

    public static async Task<HubReader> ConnectAsync(GatewayFixture gateway, bool messagePack, HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var reader = Create(gateway, messagePack, transport);
        await Wait.For(reader.Connection.StartAsync(), "the hub connection");
        return reader;
    }

    /// <summary>One that has not started.</summary>
    public static HubReader Create(GatewayFixture gateway, bool messagePack, HttpTransportType transport)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(gateway.Address, "/hub"), options =>
        {
            options.Transports = transport;
            options.HttpMessageHandlerFactory = _ => gateway.CreateReaderHandler();
            options.WebSocketConfiguration = GatewayFixture.TrustWith;
            if (gateway.HasSockets) return;
            options.WebSocketFactory = async (context, cancellationToken) => await gateway.Server.CreateWebSocketClient().ConnectAsync(context.Uri, cancellationToken);
        });
        return new HubReader(builder.AddGatewayWire(messagePack ? GatewayWire.MessagePack : GatewayWire.Json).Build());
    }

    public async Task<HubReader> SubscribeAsync(string sessionId, long afterSeq)
    {
        try
        {
            await Wait.For(Connection.InvokeAsync<SessionAck>(nameof(IWorkflowHub.Subscribe), sessionId, afterSeq), "Subscribe");
        }
        catch (HubException exception)
        {
            var message = exception.Message[(exception.Message.IndexOf("HubException: ", StringComparison.Ordinal) + "HubException: ".Length)..];
            _refusal = message[..message.IndexOf(':', StringComparison.Ordinal)];
        }

        return this;
    }

    public Task<SessionEvent> NextAsync() => Wait.For(_events.Reader.ReadAsync().AsTask(), "an event on the hub");

    public async Task EndAsync()
    {
        // The connection stays for other sessions: what answers comes behind whatever was still to come.
        Assert.Equal("pong", await Wait.For(Connection.InvokeAsync<string>(nameof(IWorkflowHub.Ping)), "Ping"));
        Assert.False(_events.Reader.TryRead(out var more), $"There was one more: {more}");
    }

    public Task<string> RefusalAsync() => Task.FromResult(_refusal ?? throw new InvalidOperationException("It was not refused."));

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}

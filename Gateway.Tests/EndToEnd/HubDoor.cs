using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Gateway.Contracts;
using Gateway.Tests.Contracts;
using Gateway.Tests.Infrastructure;
using MessagePack;
using MessagePack.Resolvers;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.EndToEnd;

/// <summary>A client on the hub that takes events as they are on the wire.</summary>
public abstract partial class HubDoor : IDoor
{
    private static readonly MessagePackSerializerOptions MessagePackOptions = MessagePackForm.OfClient
        .WithResolver(CompositeResolver.Create([new WireFormatter()], [MessagePackForm.OfClient.Resolver]));

    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private readonly HubConnection _connection;

    private protected HubDoor(GatewayFixture gateway, bool messagePack)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(gateway.Address, "/hub"), http =>
        {
            // One of the two ways in each: through SignalR's endpoint, and past HTTP.
            if (!messagePack) return;
            http.SkipNegotiation = true;
            http.Transports = HttpTransportType.WebSockets;
        });
        if (messagePack) builder.AddMessagePackProtocol(o => o.SerializerOptions = MessagePackOptions);
        else builder.AddJsonProtocol(o => o.PayloadSerializerOptions = new(ContractsJson.Wire.Options));
        _connection = builder.Build();
        foreach (var method in typeof(IWorkflowClient).GetMethods()) _connection.On<JsonElement>(method.Name, e => _events.Writer.TryWrite(e));
    }

    public Task<long> StartAsync(StartSession start) => AskAsync(nameof(IWorkflowHub.StartSession), start);

    public Task<long> PauseAsync(string sessionId) => AskAsync(nameof(IWorkflowHub.PauseSession), new PauseSession { SessionId = sessionId });

    public Task<long> ResumeAsync(string sessionId) => AskAsync(nameof(IWorkflowHub.ResumeSession), new ResumeSession { SessionId = sessionId });

    public Task<long> CancelAsync(string sessionId) => AskAsync(nameof(IWorkflowHub.CancelSession), new CancelSession { SessionId = sessionId });

    public Task<long> SayAsync(string sessionId, UserInput input) => AskAsync(nameof(IWorkflowHub.UserInput), input with { SessionId = sessionId });

    public async Task<Frame> NextAsync() => new(await Wait.For(_events.Reader.ReadAsync().AsTask(), "an event on the hub"));

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Connects, and watches a session when one is named.</summary>
    private protected async Task<IDoor> OpenAsync(string? sessionId = null, long afterSeq = 0)
    {
        await Wait.For(_connection.StartAsync(), "the hub connection");
        if (sessionId is not null) await AskAsync(nameof(IWorkflowHub.Subscribe), sessionId, afterSeq);
        return this;
    }

    private async Task<long> AskAsync(string method, params object?[] arguments)
    {
        try
        {
            return (await Wait.For(_connection.InvokeCoreAsync<SessionAck>(method, arguments), method)).Seq!.Value;
        }
        catch (HubException exception) when (Code().Match(exception.Message) is { Success: true } match)
        {
            throw new RefusedException(match.Groups["code"].Value);
        }
    }

    [GeneratedRegex("HubException: (?<code>[a-z_]+): ")]
    private static partial Regex Code();
}

using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

/// <summary>A client on <c>/ws</c>.</summary>
public sealed class WebSocketDoor : IDoorKind
{
    private readonly WsClient _client;
    private string? _sessionId;

    private WebSocketDoor(WsClient client, string? sessionId)
    {
        _client = client;
        _sessionId = sessionId;
    }

    public static async Task<IDoor> ConnectAsync(GatewayFixture gateway) => new WebSocketDoor(await WsClient.ConnectAsync(gateway), null);

    public static async Task<IDoor> WatchAsync(GatewayFixture gateway, string sessionId, long afterSeq = 0) =>
        new WebSocketDoor(await WsClient.ConnectAsync(gateway, $"/ws?session_id={sessionId}&after_seq={afterSeq}"), sessionId);

    public Task<long> StartAsync(StartSession start)
    {
        _sessionId = start.SessionId;
        return AskAsync(CommandTable.StartSession.Name, JsonSerializer.SerializeToElement(start, ContractsJson.Wire.StartSession));
    }

    public Task<long> PauseAsync(string sessionId) => AskAsync(CommandTable.PauseSession.Name, new { session_id = sessionId });

    public Task<long> ResumeAsync(string sessionId) => AskAsync(CommandTable.ResumeSession.Name, new { session_id = sessionId });

    public Task<long> CancelAsync(string sessionId) => AskAsync(CommandTable.CancelSession.Name, new { session_id = sessionId });

    public Task<long> SayAsync(string sessionId, UserInput input) =>
        AskAsync(CommandTable.UserInput.Name, JsonSerializer.SerializeToElement(input with { SessionId = sessionId }, ContractsJson.Wire.UserInput));

    public async Task<Frame> NextAsync()
    {
        // Without a session in its address it gets those of all.
        Frame frame;
        do frame = new Frame(await _client.EventAsync());
        while (frame.SessionId != _sessionId);
        return frame;
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task<long> AskAsync(string command, object data)
    {
        var reply = await _client.AskAsync(command, data);
        if (reply.GetProperty("event").GetString() == "error") throw new RefusedException(reply.GetProperty("data").GetProperty("code").GetString()!);
        return reply.GetProperty("data").GetProperty("seq").GetInt64();
    }
}

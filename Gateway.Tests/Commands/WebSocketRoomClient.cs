using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Commands;

/// <summary>On <c>/ws</c>, where a snapshot is a frame among the events.</summary>
internal sealed class WebSocketRoomClient(WsClient client) : IRoomClient
{
    public static async Task<IRoomClient> ConnectAsync(GatewayFixture gateway)
    {
        // The address names a session in which nothing happens: without one, the live events of all sessions would come.
        var silent = await TestSession.CreateAsync(gateway.Services);
        return new WebSocketRoomClient(await WsClient.ConnectAsync(gateway, $"/ws?session_id={silent.Id}"));
    }

    public Task<RoomRefusal?> StartAsync(StartSession start) => AskAsync(CommandTable.StartSession, JsonSerializer.SerializeToElement(start, ContractsJson.Wire.StartSession));

    public Task<RoomRefusal?> ForkAsync(ForkSession fork) => AskAsync(CommandTable.ForkSession, JsonSerializer.SerializeToElement(fork, ContractsJson.Wire.ForkSession));

    public Task<RoomRefusal?> RetryAsync(RetrySession retry) => AskAsync(CommandTable.RetrySession, JsonSerializer.SerializeToElement(retry, ContractsJson.Wire.RetrySession));

    public Task<RoomRefusal?> PauseAsync(string? sessionId) => AskAsync(CommandTable.PauseSession, new { session_id = sessionId });

    public Task<RoomRefusal?> SubscribeAsync(string sessionId, long afterSeq) => AskAsync(CommandTable.Subscribe, new { session_id = sessionId, after_seq = afterSeq });

    public Task<RoomRefusal?> SubscribeSnapshotAsync(string sessionId) => AskAsync(CommandTable.Subscribe, new { session_id = sessionId, snapshot = true });

    public async Task<long> SnapshotSeqAsync()
    {
        var frame = await client.EventAsync();
        Assert.Equal("snapshot", frame.GetProperty("event").GetString());
        return frame.GetProperty("seq").GetInt64();
    }

    public async Task<(string SessionId, long Seq)> NextAsync()
    {
        var frame = await client.EventAsync();
        Assert.NotEqual("snapshot", frame.GetProperty("event").GetString());
        return (frame.GetProperty("data").GetProperty("session_id").GetString()!, frame.GetProperty("seq").GetInt64());
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private async Task<RoomRefusal?> AskAsync(CommandInfo command, object data)
    {
        var reply = await client.AskAsync(command.Name, data);
        if (reply.GetProperty("event").GetString() == "ack") return null;
        var error = reply.GetProperty("data");
        return new RoomRefusal(error.GetProperty("code").GetString()!, error.GetProperty("error").GetString()!);
    }
}

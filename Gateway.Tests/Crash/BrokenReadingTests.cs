using System.Net;
using System.Text.Json;
using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Readers of a session that cannot be read on, damaged or deleted: on every door they get what there is, then the reason.</summary>
public sealed class BrokenReadingTests : IDisposable
{
    private const int Damaged = 30;

    private readonly TempFolder _folder = new();
    private readonly GatedModels _models = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder.At("gateway.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("DELETE FROM events WHERE seq = 30")]
    [InlineData("UPDATE events SET frame = x'ff00ee' WHERE seq = 30")]
    [InlineData("UPDATE events SET frame = CAST('{\"event\":' AS BLOB) WHERE seq = 30")]
    [InlineData("UPDATE events SET frame = CAST('[]' AS BLOB) WHERE seq = 30")]
    public async Task Readers_get_everything_up_to_the_damage_and_then_are_told(string damage)
    {
        await using var gateway = await Gateways.StartAsync(File, _models);
        var session = await TestSession.CreateAsync(gateway.Services, "s");
        await session.SayAsync(50);
        await session.EndAsync();
        using (var file = SqliteLogs.Connect(File)) file.Execute(damage);

        await using (var raw = await RawReader.ConnectAsync(gateway, "/ws?session_id=s"))
        {
            for (var seq = 1; seq < Damaged; seq++) Assert.Equal(seq, (await raw.NextAsync()).Seq);
            Assert.Equal(ErrorCode.LogDamaged, await raw.RefusalAsync());
            Assert.Null(await raw.NextTextOrCloseAsync());
            Assert.Equal(CloseCode.PolicyViolation, (int)raw.Socket.CloseStatus!.Value);
        }

        await using (var raw = await RawReader.ConnectAsync(gateway, "/ws?session_id=s&merge=true")) await raw.NextAsync();

        foreach (var wire in new[] { GatewayWire.Json, GatewayWire.MessagePack })
        {
            await using var client = await GatewayClient.ConnectAsync(gateway.Address.ToString(), new GatewayClientOptions { Wire = wire }, Token);
            var read = 0L;
            var refusal = await Assert.ThrowsAsync<GatewayClientException>(async () =>
            {
                await foreach (var next in client.ReadEventsAsync("s", cancellationToken: Token)) read = next.Seq;
            });
            Assert.Equal((ErrorCode.LogDamaged, Damaged - 1L), (refusal.Code, read));
        }

        using var http = gateway.CreateClient();
        var page = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/sessions/s/events?limit=100", UriKind.Relative), Token)).RootElement;
        Assert.Equal(Damaged - 1, page.GetProperty("events").GetArrayLength());
        Assert.Equal(HttpStatusCode.InternalServerError, await StreamAsync(http, Damaged - 1, null));
        Assert.Equal(HttpStatusCode.OK, await StreamAsync(http, 0, ErrorCode.LogDamaged));
        Assert.Single(gateway.Log.Entries, entry => entry.Category.Contains("LogPages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Readers_of_a_deleted_session_are_told_and_let_go()
    {
        await using var gateway = await Gateways.StartAsync(File, _models);
        var session = await TestSession.CreateAsync(gateway.Services, "q");
        await session.SayAsync(3);
        await session.EndAsync();
        await using var raw = await RawReader.ConnectAsync(gateway, "/ws?session_id=q");
        for (var seq = 1; seq <= 4; seq++) Assert.Equal(seq, (await raw.NextAsync()).Seq);
        await using var late = await RawReader.ConnectAsync(gateway, "/ws");
        await late.SendAsync("""{"cmd":"subscribe","id":"1","data":{"session_id":"q","after_seq":4}}""");
        Assert.Equal("ack", (await late.NextJsonAsync()).GetProperty("event").GetString());
        await using var client = await HubReader.ConnectAsync(gateway, messagePack: false);
        await client.SubscribeAsync("q", 4);

        using var http = gateway.CreateClient();
        using var deleted = await http.DeleteAsync(new Uri("/api/v1/sessions/q", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        Assert.Equal(ErrorCode.UnknownSession, await raw.RefusalAsync());
        Assert.Null(await raw.NextTextOrCloseAsync());
        Assert.Equal(ErrorCode.UnknownSession, await late.RefusalAsync());
        var told = Assert.IsType<SessionEvent<ExecutionError>>(await client.NextAsync());
        Assert.Equal((0L, ErrorCode.UnknownSession), (told.Seq, told.Data.Code));

        var again = await TestSession.CreateAsync(gateway.Services, "q");
        await again.SayAsync(2);
        await using var fresh = await RawReader.ConnectAsync(gateway, "/ws?session_id=q");
        Assert.Equal(1, (await fresh.NextAsync()).Seq);
    }

    private static async Task<HttpStatusCode> StreamAsync(HttpClient http, long afterSeq, string? code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sessions/s/events?after_seq={afterSeq}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await http.SendAsync(request, Token);
        if (code is null) return answer.StatusCode;

        var last = (await answer.Content.ReadAsStringAsync(Token)).TrimEnd().Split("\n\n")[^1].Split('\n');
        Assert.Equal("event: error", last[0]);
        Assert.Equal(code, JsonDocument.Parse(last[1]["data: ".Length..]).RootElement.GetProperty("data").GetProperty("code").GetString());
        return answer.StatusCode;
    }
}

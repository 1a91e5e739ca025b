using System.Net;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A log that cannot be folded ends its own session, with the reason, and no other.</summary>
public sealed class DamagedLogTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly GatedModels _models = new();

    private string File => _folder.At("gateway.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("UPDATE events SET frame = CAST('{\"event\":\"from_the_future\",\"seq\":3,\"data\":{}}' AS BLOB) WHERE seq = 3 AND session = 2", "does not know")]
    [InlineData("UPDATE events SET frame = CAST('{\"event\":\"token_str' AS BLOB) WHERE seq = 3 AND session = 2", "cannot be read")]
    [InlineData("UPDATE events SET frame = x'00' WHERE seq = 1 AND session = 2", "cannot be read")]
    [InlineData("DELETE FROM events WHERE seq = 2 AND session = 2", "missing")]
    public async Task Damaged_log_ends_its_session_as_failed_and_the_others_go_on(string damage, string reason)
    {
        long seen;
        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            await StartAsync(gateway, "before");
            seen = await StartAsync(gateway, "damaged");
            await StartAsync(gateway, "after");
        }

        using (var file = SqliteLogs.Connect(File)) file.Execute(damage);

        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            gateway.Log.Announce("The log of session damaged is damaged");
            await using var raw = await Watching.RawAsync(gateway, "damaged", seen);
            var error = await raw.UntilAsync<ExecutionError>();
            Assert.Equal(ErrorCode.LogDamaged, error.Data.Code);
            Assert.Contains(reason, error.Data.Error, StringComparison.Ordinal);
            Assert.Equal(SessionStatus.Failed, (await raw.UntilAsync<ExecutionCompleted>()).Data.Status);
            Assert.Equal("damaged", Assert.Single((await gateway.ListAsync("status=failed")).Sessions).SessionId);

            for (var i = 0; i < 2; i++) (await _models["a"].NextCall()).Say("again").End();
            foreach (var id in new[] { "before", "after" })
            {
                await using var other = await Watching.HubAsync(gateway, id);
                Assert.Equal(SessionStatus.Completed, (await other.UntilAsync<ExecutionCompleted>()).Data.Status);
                Assert.Equal("again", (await gateway.SnapshotAsync(id)).Nodes["a"].Text);
            }
        }

        // It is not tried again: the third life has nothing to complain about.
        await using (await Gateways.StartAsync(File, _models))
        {
        }
    }

    [Fact]
    public async Task Session_without_a_readable_header_is_ended_as_failed()
    {
        await using (var gateway = await Gateways.StartAsync(File, _models)) await StartAsync(gateway, "damaged");
        using (var file = SqliteLogs.Connect(File)) file.Execute("UPDATE headers SET header = CAST('{\"session_id\":\"damaged\"' AS BLOB)");

        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            gateway.Log.Announce("The log of session damaged is damaged");
            Assert.Equal("damaged", Assert.Single((await gateway.ListAsync("status=failed")).Sessions).SessionId);
        }

        using var log = SqliteLogs.Open(File);
        var events = (await log.ReadAsync("damaged", 0, 1000, TestContext.Current.CancellationToken)).Select(logged => logged.Event).ToList();
        Assert.Contains("header", Assert.IsType<SessionEvent<ExecutionError>>(events[^2]).Data.Error, StringComparison.Ordinal);
        Assert.Equal(SessionStatus.Failed, Assert.IsType<SessionEvent<ExecutionCompleted>>(events[^1]).Data.Status);
        Assert.True(events[^1].Timestamp > events[^2].Timestamp && events[^2].Timestamp > events[^3].Timestamp);
    }

    [Theory]
    [InlineData("UPDATE sessions SET last_seq = last_seq - 1", "but there is an event")]
    [InlineData("INSERT INTO events (session, seq, frame) SELECT 1, last_seq + 1, CAST('{}' AS BLOB) FROM sessions", "cannot be read")]
    [InlineData("UPDATE sessions SET last_seq = last_seq + 100", "is missing")]
    [InlineData("DELETE FROM events", "event 1 is missing")]
    [InlineData("UPDATE headers SET header = x'ff00'", "header")]
    [InlineData("DELETE FROM headers", "header")]
    [InlineData("UPDATE events SET frame = x'ff00' WHERE seq = 3", "Event 3")]
    public async Task Damaged_session_is_failed_readable_with_its_reason_and_deletable(string damage, string reason)
    {
        await using (var gateway = await Gateways.StartAsync(File, _models)) await StartAsync(gateway, "damaged");
        using (var file = SqliteLogs.Connect(File)) file.Execute(damage);

        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            gateway.Log.Announce("The log of session damaged is damaged");
            var listed = Assert.Single((await gateway.ListAsync("status=failed")).Sessions);
            var snapshot = await gateway.SnapshotAsync("damaged");
            Assert.Equal((SessionStatus.Failed, ErrorCode.LogDamaged, listed.LastSeq), (snapshot.Status, snapshot.ErrorCode, snapshot.LastSeq));
            Assert.Contains(reason, snapshot.Error, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await gateway.ReadyAsync()).Status);
            Assert.Equal(HttpStatusCode.Conflict, await gateway.CommandAsync("damaged", "resume"));

            await using var raw = await RawReader.ConnectAsync(gateway, "/ws?session_id=damaged&snapshot=true");
            var frame = await raw.NextJsonAsync();
            Assert.Equal(("snapshot", "log_damaged"), (frame.GetProperty("event").GetString(), frame.GetProperty("data").GetProperty("error_code").GetString()));

            using var http = gateway.CreateClient();
            using var deleted = await http.DeleteAsync(new Uri("/api/v1/sessions/damaged", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }
    }

    [Fact]
    public async Task Log_that_has_ended_puts_the_entry_of_its_session_right()
    {
        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            await gateway.StartSessionAsync("done", SampleWorkflows.Quick);
            (await _models["a"].NextCall()).Say("all").End();
            await using var raw = await Watching.RawAsync(gateway, "done");
            await raw.UntilAsync<ExecutionCompleted>();
        }

        using (var file = SqliteLogs.Connect(File)) file.Execute("UPDATE sessions SET status = 'running'");

        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            Assert.Equal("done", Assert.Single((await gateway.ListAsync("status=completed")).Sessions).SessionId);
            Assert.Equal("all", (await gateway.SnapshotAsync("done")).Nodes["a"].Text);
        }
    }

    private async Task<long> StartAsync(GatewayFixture gateway, string id)
    {
        await gateway.StartSessionAsync(id, SampleWorkflows.Quick);
        (await _models["a"].NextCall()).Say("lost");
        await using var raw = await Watching.RawAsync(gateway, id);
        return (await raw.UntilAsync<TokenStream>()).Seq;
    }
}

using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.WebSockets;

public sealed class CommandTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    private const string Inline = """
        {"id":"mine","agents":{"a":{}},"nodes":{"start":{"type":"start","next":"say"},"say":{"type":"agent","agent":"a","next":["end"]},"end":{"type":"end"}}}
        """;

    public static TheoryData<string> SessionCommands => ["pause_session", "resume_session", "cancel_session", "user_input", "subscribe", "unsubscribe"];

    [Fact]
    public async Task A_ping_is_answered_with_a_pong()
    {
        await using var client = await ConnectAsync();

        await client.SendAsync("""{"cmd":"ping"}""");

        var pong = await client.ReplyAsync();
        AssertMembers(pong, "event", "timestamp", "data");
        Assert.Equal("pong", Text(pong, "event"));
        AssertMembers(pong.GetProperty("data"));
        AssertTimestamp(pong);
    }

    [Fact]
    public async Task A_pong_carries_the_id_of_its_ping()
    {
        await using var client = await ConnectAsync();

        await client.SendAsync("""{"cmd":"ping","id":"p 1 \"é\"","data":{"anything":[1]},"more":true}""");

        var pong = await client.ReplyAsync();
        AssertMembers(pong, "event", "id", "timestamp", "data");
        Assert.Equal("p 1 \"é\"", Text(pong, "id"));
    }

    [Fact]
    public async Task A_start_with_an_id_is_acknowledged()
    {
        var id = Starts.NewId();
        await using var client = await ConnectAsync();

        AssertAck(await client.AskAsync("start_session", Starts.Quick(id)), id);
    }

    [Theory]
    [MemberData(nameof(SessionCommands))]
    public async Task A_command_with_an_id_is_acknowledged(string command)
    {
        var id = await StartReviewedAsync();
        await using var client = await ConnectAsync();

        AssertAck(await client.AskAsync(command, new { session_id = id, content = "fine" }), id, hasSeq: command != "unsubscribe");
    }

    [Theory]
    [MemberData(nameof(SessionCommands))]
    public async Task A_command_without_an_id_is_done_in_silence(string command)
    {
        var id = await StartReviewedAsync();
        await using var client = await ConnectAsync();

        await client.SendAsync(JsonSerializer.Serialize(new { cmd = command, data = new { session_id = id, content = "fine" } }));

        await client.AssertServesAsync();
    }

    [Theory]
    [MemberData(nameof(SessionCommands))]
    public async Task A_refusal_tells_code_sentence_and_command(string command)
    {
        await using var client = await ConnectAsync();

        await client.SendAsync(JsonSerializer.Serialize(new { cmd = command, data = new { session_id = "nobody", content = "fine" } }));

        // Leaving what one never joined changes nothing, so it is no mistake.
        if (command == "unsubscribe")
        {
            await client.AssertServesAsync();
            return;
        }

        AssertError(await client.ReplyAsync(), ErrorCode.UnknownSession, command, id: null);
        AssertError(await client.AskAsync(command, new { session_id = "nobody", content = "fine" }), ErrorCode.UnknownSession, command, id: "c1");
    }

    [Theory]
    [MemberData(nameof(SessionCommands))]
    public async Task A_command_needs_a_session_to_be_about(string command)
    {
        await using var client = await ConnectAsync();

        var reply = await client.AskAsync(command, new { content = "fine" });

        AssertError(reply, command == "subscribe" ? ErrorCode.InvalidData : ErrorCode.NoSession, command, "c1");
    }

    [Theory]
    [InlineData("start_session")]
    [InlineData("pause_session")]
    [InlineData("resume_session")]
    [InlineData("cancel_session")]
    [InlineData("user_input")]
    [InlineData("subscribe")]
    [InlineData("unsubscribe")]
    public async Task A_session_id_of_another_form_is_refused(string command)
    {
        await using var client = await ConnectAsync();

        foreach (var id in new[] { "../etc/passwd", "a/b", "", new string('x', 65), "a b", "é", "a\n", "a\0" })
        {
            Assert.Equal(ErrorCode.InvalidSessionId, await client.RefusalAsync(command, new { session_id = id, workflow_id = "quick-answer", content = "fine" }));
        }
    }

    [Fact]
    public async Task A_session_id_has_up_to_64_characters()
    {
        var id = Starts.NewId().PadRight(64, '_');
        await using var client = await ConnectAsync();

        Assert.Equal(id, await client.AckAsync("start_session", Starts.Quick(id)));
    }

    [Fact]
    public async Task The_gateway_chooses_an_id_when_the_client_does_not()
    {
        await using var client = await ConnectAsync();

        var first = await client.AckAsync("start_session", new { workflow_id = "quick-answer" });
        var second = await client.AckAsync("start_session", new { workflow_id = "quick-answer" });

        Assert.NotEqual(first, second);
        Assert.Matches("^[A-Za-z0-9_-]{1,64}$", first);
    }

    [Fact]
    public async Task A_command_without_session_is_for_the_one_started_last()
    {
        await using var client = await ConnectAsync();
        await client.AckAsync("start_session", Starts.Reviewed(Starts.NewId()));
        var last = await client.AckAsync("start_session", Starts.Reviewed(Starts.NewId()));

        Assert.Equal(last, await client.AckAsync("pause_session"));
        Assert.Equal(last, await client.AckAsync("resume_session", new { }));
        Assert.Equal(last, await client.AckAsync("user_input", new { content = "fine" }));
    }

    [Fact]
    public async Task A_command_without_session_is_for_the_one_subscribed_last()
    {
        var id = await StartReviewedAsync();
        await using var client = await ConnectAsync();
        await client.AckAsync("start_session", Starts.Reviewed(Starts.NewId()));
        await client.AckAsync("subscribe", new { session_id = id });

        await client.SendAsync("""{"cmd":"cancel_session","id":"x","data":null}""");

        AssertAck(await client.ReplyAsync(), id, "x");
    }

    [Fact]
    public async Task A_command_without_session_is_for_the_one_in_the_address()
    {
        var id = await StartReviewedAsync();
        await using var client = await ConnectAsync($"/ws?session_id={id}");

        Assert.Equal(id, await client.AckAsync("pause_session"));
    }

    [Fact]
    public async Task A_refused_start_changes_nothing_of_what_is_current()
    {
        await using var client = await ConnectAsync();
        var id = await client.AckAsync("start_session", Starts.Reviewed(Starts.NewId()));

        Assert.Equal(ErrorCode.UnknownWorkflow, await client.RefusalAsync("start_session", new { workflow_id = "nothing" }));
        Assert.Equal(ErrorCode.UnknownSession, await client.RefusalAsync("subscribe", new { session_id = "nobody" }));

        Assert.Equal(id, await client.AckAsync("pause_session"));
    }

    [Fact]
    public async Task A_template_id_is_a_workflow_id()
    {
        var id = Starts.NewId();
        await using var client = await ConnectAsync();

        await client.AckAsync("start_session", new { template_id = "quick-answer", subject = "Tea?", session_id = id });

        var events = await client.ReadToEndAsync(id);
        Assert.Equal("completed", Text(events[^1].GetProperty("data"), "status"));
        // The same content under the other name.
        await client.AckAsync("start_session", new { workflow_id = "quick-answer", input = new { subject = "Tea?" }, session_id = id });
    }

    [Theory]
    [InlineData("""{"subject":"Nuclear tea"}""")]
    [InlineData("""{"input":"Nuclear tea"}""")]
    [InlineData("""{"input":{"topic":"Nuclear tea"}}""")]
    [InlineData("""{"input":{"what":"Nuclear tea","weight":2}}""")]
    [InlineData("""{"input":null,"subject":"Nuclear tea"}""")]
    public async Task The_input_reaches_the_agents(string members)
    {
        var id = Starts.NewId();
        await using var client = await ConnectAsync();
        await client.SendAsync($$$"""{"cmd":"start_session","data":{"workflow_id":"quick-answer","session_id":"{{{id}}}",{{{members[1..^1]}}}}}""");

        var events = await client.ReadToEndAsync(id);

        Assert.Contains("Nuclear tea", Text(events[^1].GetProperty("data"), "output"));
    }

    [Fact]
    public async Task A_whole_workflow_can_be_sent()
    {
        var id = Starts.NewId();
        await using var client = await ConnectAsync();

        await client.SendAsync($$$"""{"cmd":"start_session","data":{"workflow":{{{Inline}}},"subject":"Tea?","session_id":"{{{id}}}"}}""");

        var events = await client.ReadToEndAsync(id);
        Assert.Contains(events, e => e.TryGetProperty("node_id", out var node) && node.GetString() == "say");
    }

    [Fact]
    public async Task A_workflow_with_problems_is_refused_with_all_of_them()
    {
        await using var client = await ConnectAsync();

        var reply = await client.AskAsync("start_session", new { workflow = new { nodes = new { start = new { type = "start", next = "nowhere" }, odd = new { type = "odd" } } } });

        AssertError(reply, ErrorCode.InvalidWorkflow, "start_session", "c1");
        var sentence = Text(reply.GetProperty("data"), "error");
        Assert.Contains("nowhere", sentence);
        Assert.Contains("odd", sentence);
    }

    [Theory]
    [InlineData("""{}""", ErrorCode.InvalidData)]
    [InlineData("""{"workflow_id":"nothing"}""", ErrorCode.UnknownWorkflow)]
    [InlineData("""{"workflow_id":"../quick-answer"}""", ErrorCode.UnknownWorkflow)]
    [InlineData("""{"workflow_id":"quick-answer","workflow":{}}""", ErrorCode.InvalidData)]
    [InlineData("""{"workflow":{"agents":{"a":{"model":"gpt-9000"}},"nodes":{"start":{"type":"start","next":"say"},"say":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"}}}}""", ErrorCode.ModelNotConfigured)]
    public async Task A_start_that_cannot_be_is_refused(string data, string code)
    {
        await using var client = await ConnectAsync();

        Assert.Equal(code, await client.RefusalAsync("start_session", JsonDocument.Parse(data).RootElement));
        await client.AssertServesAsync();
    }

    [Fact]
    public async Task The_same_start_twice_is_one_session()
    {
        var id = Starts.NewId();
        await using var client = await ConnectAsync($"/ws");

        await client.AckAsync("start_session", Starts.Quick(id));
        var events = await client.ReadToEndAsync(id);
        await client.AckAsync("start_session", Starts.Quick(id));

        await using var second = await ConnectAsync($"/ws?session_id={id}");
        Assert.Equal(events.Select(e => e.ToString()), (await second.ReadToEndAsync(id)).Select(e => e.ToString()));
        // The one that saw it live is not told again.
        await client.AssertServesAsync();
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_refused()
    {
        var id = Starts.NewId();
        await using var client = await ConnectAsync();
        await client.AckAsync("start_session", Starts.Quick(id));

        Assert.Equal(ErrorCode.SessionExists, await client.RefusalAsync("start_session", new { workflow_id = "quick-answer", subject = "Another one", session_id = id }));
        Assert.Equal(ErrorCode.SessionExists, await client.RefusalAsync("start_session", Starts.Reviewed(id)));
    }

    [Fact]
    public async Task Two_starts_of_one_id_in_a_race_are_one_session_and_both_are_acknowledged()
    {
        await using var one = await ConnectAsync();
        await using var two = await ConnectAsync();
        for (var round = 0; round < 20; round++)
        {
            var id = Starts.NewId();

            var acks = await Task.WhenAll(one.AskAsync("start_session", Starts.Quick(id)), two.AskAsync("start_session", Starts.Quick(id)));

            Assert.All(acks, ack => Assert.Equal("ack", Text(ack, "event")));
            var events = await one.ReadToEndAsync(id);
            Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.GetProperty("seq").GetInt32()));
            Assert.Equal(events.Select(e => e.ToString()), (await two.ReadToEndAsync(id)).Select(e => e.ToString()));
        }
    }

    [Fact]
    public async Task Two_starts_of_one_id_with_other_content_in_a_race_let_one_win()
    {
        await using var one = await ConnectAsync();
        await using var two = await ConnectAsync();
        for (var round = 0; round < 20; round++)
        {
            var id = Starts.NewId();

            var replies = await Task.WhenAll(one.AskAsync("start_session", Starts.Quick(id)), two.AskAsync("start_session", Starts.Reviewed(id)));

            Assert.Equal(["ack", "error"], replies.Select(r => Text(r, "event")).Order());
            Assert.Equal(ErrorCode.SessionExists, Text(replies.Single(r => Text(r, "event") == "error").GetProperty("data"), "code"));
        }
    }

    [Fact]
    public async Task Resuming_what_is_not_paused_and_pausing_what_is_are_no_mistakes()
    {
        var id = await StartReviewedAsync();
        await using var client = await ConnectAsync($"/ws?session_id={id}");

        await client.AckAsync("resume_session");
        await client.AckAsync("pause_session");
        await client.AckAsync("pause_session");
        await client.AckAsync("resume_session");
        await client.AckAsync("resume_session");
        await client.AckAsync("cancel_session");
        await client.AckAsync("cancel_session");
    }

    [Fact]
    public async Task A_finished_session_takes_no_more_commands()
    {
        var id = Starts.NewId();
        await using var client = await ConnectAsync();
        await client.AckAsync("start_session", Starts.Quick(id));
        await client.ReadToEndAsync(id);

        foreach (var command in new[] { "user_input", "pause_session", "resume_session", "cancel_session" })
        {
            Assert.Equal(ErrorCode.SessionFinished, await client.RefusalAsync(command, new { content = "late" }));
        }
    }

    [Fact]
    public async Task An_input_says_which_prompt_it_answers()
    {
        var id = await StartReviewedAsync();
        await using var client = await ConnectAsync($"/ws?session_id={id}");

        Assert.Equal(ErrorCode.UnknownPrompt, await client.RefusalAsync("user_input", new { content = "fine", prompt_id = "nothing" }));
        Assert.Equal(ErrorCode.UnknownPrompt, await client.RefusalAsync("user_input", new { content = "fine", node_id = "draft" }));
        Assert.Equal(ErrorCode.InvalidData, await client.RefusalAsync("user_input", new { prompt_id = "review" }));
        Assert.Equal(ErrorCode.InvalidData, await client.RefusalAsync("user_input", new { content = "", prompt_id = "review" }));
        await client.AckAsync("user_input", new { content = "fine", node_id = "review" });
    }

    [Fact]
    public async Task A_nul_in_a_string_travels()
    {
        var id = await StartReviewedAsync();
        await using var client = await ConnectAsync($"/ws?session_id={id}");

        await client.SendAsync("""{"cmd":"user_input","id":"\u0000","data":{"content":"before\u0000after"}}""");

        AssertAck(await client.ReplyAsync(), id, "\0");
        var said = (await client.ReadToEndAsync(id)).Single(e => e.GetProperty("data").TryGetProperty("agent_id", out var agent) && agent.GetString() == "user");
        Assert.Equal("before\0after", Text(said.GetProperty("data"), "chunk"));
    }

    private Task<WsClient> ConnectAsync(string pathAndQuery = "/ws") => WsClient.ConnectAsync(gateway, pathAndQuery);

    // Returns when it stands still at its prompt.
    private async Task<string> StartReviewedAsync()
    {
        var id = Starts.NewId();
        await using var client = await ConnectAsync();
        await client.AckAsync("start_session", Starts.Reviewed(id));
        while (true)
        {
            var next = await client.EventAsync();
            if (Text(next.GetProperty("data"), "session_id") == id && Text(next, "event") == "execution:paused") return id;
        }
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private static void AssertMembers(JsonElement element, params string[] members) => Assert.Equal(members, element.EnumerateObject().Select(m => m.Name));

    private static void AssertTimestamp(JsonElement reply) => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", Text(reply, "timestamp"));

    private static void AssertAck(JsonElement ack, string sessionId, string id = "c1", bool hasSeq = true)
    {
        Assert.True(Text(ack, "event") == "ack", ack.ToString());
        AssertMembers(ack, "event", "id", "timestamp", "data");
        Assert.Equal(id, Text(ack, "id"));
        AssertTimestamp(ack);
        AssertMembers(ack.GetProperty("data"), hasSeq ? ["session_id", "seq"] : ["session_id"]);
        Assert.Equal(sessionId, Text(ack.GetProperty("data"), "session_id"));
    }

    private static void AssertError(JsonElement error, string code, string command, string? id)
    {
        Assert.Equal("error", Text(error, "event"));
        AssertMembers(error, id is null ? ["event", "timestamp", "data"] : ["event", "id", "timestamp", "data"]);
        if (id is not null) Assert.Equal(id, Text(error, "id"));
        AssertTimestamp(error);
        AssertMembers(error.GetProperty("data"), "error", "code", "cmd");
        Assert.Equal(code, Text(error.GetProperty("data"), "code"));
        Assert.Equal(command, Text(error.GetProperty("data"), "cmd"));
        Assert.EndsWith(".", Text(error.GetProperty("data"), "error"));
    }
}

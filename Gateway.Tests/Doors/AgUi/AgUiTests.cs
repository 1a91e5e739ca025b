using System.Net;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Processes;
using Xunit;

namespace Gateway.Tests.Doors.AgUi;

/// <summary>The official client of AG-UI, unchanged, against a running gateway; whatever breaks a rule makes it fail.</summary>
public sealed class AgUiTests(AgUiFixture gateway) : IClassFixture<AgUiFixture>
{
    [Fact]
    public async Task A_debate_is_shown_with_its_branches_as_sub_agents_and_its_end()
    {
        var thread = Starts.NewId();
        var seen = Assert.Single(await AgUiClient.DriveAsync(gateway.Url("council-debate"), thread, new { say = "Should cities ban cars?" }));

        Assert.Null(seen.Text("failed"));
        Assert.Equal("success", seen.Text("outcome"));
        var snapshot = await gateway.SnapshotAsync(thread);
        Assert.Equal(snapshot.Output, seen.Text("result"));
        // Two who speak, and a jury of three.
        Assert.Equal(5, seen.Events().Count(type => type == "SUBAGENT_STARTED"));
        Assert.Equal(snapshot.Nodes.Values.Where(node => node.Text.Length > 0).Select(node => node.Text).Order(StringComparer.Ordinal), seen.Said("assistant").Order(StringComparer.Ordinal));
        Assert.Equal(["Should cities ban cars?"], seen.Said("user"));
        Assert.Equal(SessionStatus.Completed, seen.GetProperty("state").Text("status"));
        Assert.Equal(snapshot.Nodes.ToDictionary(node => node.Key, node => node.Value.Status), seen.GetProperty("state").GetProperty("nodes").EnumerateObject().ToDictionary(node => node.Name, node => node.Value.Text("status")!));
    }

    [Fact]
    public async Task A_review_ends_the_run_and_its_answer_goes_on_with_the_session()
    {
        var thread = Starts.NewId();
        var seen = await AgUiClient.DriveAsync(gateway.Url("reviewed-draft"), thread, new { say = "A letter to the mayor" }, new { answer = "Shorter, please." }, new { });

        Assert.Equal("interrupt", seen[0].Text("outcome"));
        var interrupt = Assert.Single(seen[0].GetProperty("interrupts").EnumerateArray());
        Assert.Equal(($"{thread}/review", "review"), (interrupt.Text("id"), interrupt.Text("reason")));
        Assert.StartsWith("Please read the draft.", interrupt.Text("message"), StringComparison.Ordinal);
        Assert.Equal("string", interrupt.GetProperty("responseSchema").Text("type"));
        Assert.All(seen, step => Assert.Null(step.Text("failed")));
        Assert.Equal("success", seen[1].Text("outcome"));
        Assert.Equal(["A letter to the mayor", "Shorter, please."], seen[1].Said("user"));
        Assert.Equal(2, seen[1].Said("assistant").Count);

        // Nothing new: the same run once more, and nothing twice.
        Assert.Equal(seen[1].Messages(), seen[2].Messages());
        Assert.Equal("success", seen[2].Text("outcome"));
    }

    [Fact]
    public async Task Two_interrupts_at_once_are_answered_by_one_resume()
    {
        var thread = Starts.NewId();
        var seen = await AgUiClient.DriveAsync(
            gateway.Url("two-questions"),
            thread,
            new { say = "Go" },
            new { resume = new object[] { new { interruptId = $"{thread}/free", status = "resolved", payload = "Hello!" }, new { interruptId = $"{thread}/choice", status = "resolved", payload = new { action = "approve", content = "well done" } } } });

        Assert.Equal([$"{thread}/choice", $"{thread}/free"], seen[0].GetProperty("interrupts").EnumerateArray().Select(interrupt => interrupt.Text("id")).Order());
        Assert.Equal(2, seen[0].Events().Count(type => type == "SUBAGENT_FINISHED"));
        Assert.All(seen, step => Assert.Null(step.Text("failed")));
        Assert.Equal("success", seen[1].Text("outcome"));
        Assert.Empty(seen[1].GetProperty("interrupts").EnumerateArray());
        Assert.Equal("approve", (await gateway.SnapshotAsync(thread)).Nodes["choice"].Result!.Value.Text("action"));
    }

    [Fact]
    public async Task Answers_that_are_stale_doubled_or_foreign_are_refused_with_a_code_and_change_nothing()
    {
        var thread = Starts.NewId();
        await AgUiClient.DriveAsync(gateway.Url("two-questions"), thread, new { say = "Go" });
        Assert.Equal(HttpStatusCode.OK, await gateway.SayAsync(thread, "somebody else was faster", "free"));

        object Resume(params (string Id, object Payload)[] entries) => new { resume = entries.Select(entry => new { interruptId = entry.Id, status = "resolved", payload = entry.Payload }).ToArray() };
        (object Step, int Status, string Code)[] refused =
        [
            (Resume(($"{thread}/free", "too late")), 409, ErrorCode.PromptAnswered),
            (Resume(($"{thread}/choice", new { action = "approve" }), ($"{thread}/choice", new { action = "reject" })), 400, ErrorCode.InvalidData),
            (Resume(("another-thread/choice", new { action = "approve" })), 404, ErrorCode.UnknownPrompt),
            (Resume(($"{thread}/choice", new { action = "burn" })), 400, ErrorCode.InvalidData),
        ];
        var answers = await AgUiClient.DriveAsync(gateway.Url("two-questions"), [.. refused.Select(each => (thread, new[] { each.Step }))]);
        foreach (var ((_, status, code), seen) in refused.Zip(answers.Select(steps => steps[0])))
        {
            Assert.Equal(status, seen.GetProperty("status").GetInt32());
            Assert.Contains($"\"{code}\"", seen.Text("problem")!, StringComparison.Ordinal);
        }

        Assert.Equal(NodeStatus.Suspended, (await gateway.SnapshotAsync(thread)).Nodes["choice"].Status);
    }

    [Fact]
    public async Task Calls_of_tools_are_shown_with_arguments_and_results_and_approved()
    {
        var thread = Starts.NewId();
        var seen = await AgUiClient.DriveAsync(gateway.Url("tool-approval"), thread, new { say = "What is (84.50 + 12) * 1.19?" }, new { answer = new { approved = true } });

        Assert.All(seen, step => Assert.Null(step.Text("failed")));
        var interrupt = Assert.Single(seen[0].GetProperty("interrupts").EnumerateArray());
        Assert.Equal("tool_approval", interrupt.Text("reason"));
        Assert.Equal("success", seen[1].Text("outcome"));
        var calls = seen[1].GetProperty("messages").EnumerateArray().Where(message => message.TryGetProperty("toolCalls", out _)).SelectMany(message => message.GetProperty("toolCalls").EnumerateArray()).ToList();
        var calculated = Assert.Single(calls, call => call.GetProperty("function").Text("name") == "calculate");
        Assert.Equal(calculated.Text("id"), interrupt.Text("toolCallId"));
        Assert.NotEmpty(JsonElement.Parse(calculated.GetProperty("function").Text("arguments")!).Text("expression")!);
        var results = seen[1].GetProperty("messages").EnumerateArray().Where(message => message.Text("role") == "tool").ToDictionary(message => message.Text("toolCallId")!);
        Assert.Equal(calls.Select(call => call.Text("id")!).Order(), results.Keys.Order());
        Assert.Contains("114.835", results[calculated.Text("id")!].Text("content")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_an_error_with_its_code_and_a_cancelled_session_is_cancelled()
    {
        var (fails, cancelled) = (Starts.NewId(), Starts.NewId());
        var seen = Assert.Single(await AgUiClient.DriveAsync(gateway.Url("fails"), fails, new { say = "Go" }));
        Assert.Equal(ErrorCode.ToolFailed, seen.GetProperty("error").Text("code"));
        Assert.Equal(SessionStatus.Failed, seen.GetProperty("state").Text("status"));

        await AgUiClient.DriveAsync(gateway.Url("two-questions"), cancelled, new { say = "Go" });
        await gateway.CommandAsync(cancelled, "cancel");
        seen = Assert.Single(await AgUiClient.DriveAsync(gateway.Url("two-questions"), cancelled, new { }));
        Assert.Equal("cancelled", seen.Text("outcome"));
    }

    [Fact]
    public async Task What_a_user_says_next_begins_a_session_that_knows_what_was_said_before()
    {
        var thread = Starts.NewId();
        var seen = await AgUiClient.DriveAsync(gateway.Url("quick-answer"), thread, new { say = "Tea?" }, new { say = "And coffee?" });

        Assert.All(seen, step => Assert.Equal("success", step.Text("outcome")));
        Assert.Equal(["Tea?", "And coffee?"], seen[1].Said("user"));
        Assert.Equal(2, seen[1].Said("assistant").Count);
        Assert.Equal(SessionStatus.Completed, (await gateway.SnapshotAsync($"{thread}-2")).Status);
    }

    [Fact]
    public async Task A_hundred_runs_at_once_are_all_whole()
    {
        var threads = Enumerable.Range(0, 100).Select(_ => (Starts.NewId(), new object[] { new { say = "Tea or coffee?" } })).ToArray();
        var seen = await AgUiClient.DriveAsync(gateway.Url("council-debate"), threads);
        foreach (var (thread, steps) in threads.Select(thread => thread.Item1).Zip(seen))
        {
            var step = Assert.Single(steps);
            Assert.Null(step.Text("failed"));
            Assert.Equal((await gateway.SnapshotAsync(thread)).Output, step.Text("result"));
        }
    }

    [Fact]
    public async Task A_gateway_that_is_killed_in_mid_message_is_joined_again_and_the_lost_try_disappears()
    {
        using var folder = new TempFolder();
        string[] Settings(int speed) => ["--Gateway:AgUi:Enabled=true", "--Gateway:Models:scripted:Provider=scripted", $"--Gateway:Models:scripted:TokensPerSecond={speed}"];
        var thread = Starts.NewId();
        JsonElement cut, whole;
        await using (var first = await ServerProcess.StartAsync(folder.At("."), ":", null, Settings(60)))
        {
            cut = Assert.Single(await AgUiClient.DriveAsync(new Uri(first.Address, "/agui/quick-answer").ToString(), thread, new { say = "Tea or coffee?", cut = 14 }));
            await first.SignalAsync("KILL");
        }

        Assert.NotNull(cut.Text("failed"));
        var before = Assert.Single(cut.Said("assistant"));
        Assert.NotEmpty(before);

        // The official client of another page, which knows nothing but the thread and what the user said.
        await using (var second = await ServerProcess.StartAsync(folder.At("."), ":", null, Settings(0)))
        {
            whole = Assert.Single(await AgUiClient.DriveAsync(new Uri(second.Address, "/agui/quick-answer").ToString(), thread, new { say = "Tea or coffee?" }));
        }

        Assert.Null(whole.Text("failed"));
        Assert.Equal("success", whole.Text("outcome"));
        var message = Assert.Single(whole.Said("assistant"));
        Assert.Equal(whole.Text("result"), message);
        Assert.StartsWith(before, message, StringComparison.Ordinal);
    }
}

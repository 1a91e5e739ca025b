using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.AgUi;

/// <summary>The stream of a run, cut wherever it can be, and the door's refusals.</summary>
public sealed class AgUiResumeTests(AgUiFixture gateway) : IClassFixture<AgUiFixture>
{
    [Fact]
    public async Task A_client_that_names_the_last_block_it_has_gets_the_rest_byte_by_byte_whichever_that_is()
    {
        var thread = Starts.NewId();
        var whole = Blocks(await PostAsync("council-debate", thread));
        Assert.Contains(whole, block => block.Contains("RUN_FINISHED", StringComparison.Ordinal));
        Assert.All(whole, block => Assert.StartsWith("id: ", block, StringComparison.Ordinal));

        // All places would take a while; each kind of place is among these.
        foreach (var place in Enumerable.Range(0, whole.Count).Where(place => place < 40 || place % 7 == 0 || place > whole.Count - 20))
        {
            var id = whole[place][4..whole[place].IndexOf('\n', StringComparison.Ordinal)];
            Assert.Equal(whole.Skip(place + 1), Blocks(await PostAsync("council-debate", thread, id)));
        }
    }

    [Fact]
    public async Task A_run_that_began_with_answers_goes_on_from_any_block_although_it_waits_between_two_of_them()
    {
        var thread = Starts.NewId();
        await PostAsync("two-questions", thread);
        var body = $$$"""{"threadId":"{{{thread}}}","runId":"r-2","messages":[{"id":"m-1","role":"user","content":"Tea or coffee?"}],"resume":[{"interruptId":"{{{thread}}}/free","status":"resolved","payload":"Hello!"},{"interruptId":"{{{thread}}}/choice","status":"resolved","payload":true}]}""";
        var whole = Blocks(await PostAsync("two-questions", thread, body: body));
        Assert.Contains("\"success\"", whole[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(whole, block => block.Contains("\"interrupt\"", StringComparison.Ordinal));
        foreach (var (place, block) in whole.Index())
        {
            Assert.Equal(whole.Skip(place + 1), Blocks(await PostAsync("two-questions", thread, block[4..block.IndexOf('\n', StringComparison.Ordinal)], body)));
        }
    }

    [Fact]
    public async Task The_official_client_that_is_cut_off_anywhere_joins_again_and_ends_with_the_same()
    {
        var thread = Starts.NewId();
        var whole = Blocks(await PostAsync("council-debate", thread));
        var threads = Enumerable.Range(1, whole.Count - 1).Where(cut => cut % 6 == 0 || cut > whole.Count - 12)
            .Select(cut => (thread, new object[] { new { say = "Tea or coffee?", cut }, new { } })).ToArray();
        var seen = await AgUiClient.DriveAsync(gateway.Url("council-debate"), [.. threads, (thread, [new { say = "Tea or coffee?" }])]);

        var expected = seen[^1][0].Messages();
        foreach (var steps in seen.SkipLast(1))
        {
            Assert.Null(steps[1].Text("failed"));
            Assert.Equal("success", steps[1].Text("outcome"));
            Assert.Equal(expected, steps[1].Messages());
        }
    }

    [Theory]
    [InlineData("{", 400, ErrorCode.InvalidData)]
    [InlineData("""{"runId":"r","messages":[]}""", 400, ErrorCode.InvalidData)]
    [InlineData("""{"threadId":"t","runId":"r","messages":{}}""", 400, ErrorCode.InvalidData)]
    [InlineData("""{"threadId":"t","runId":"r","messages":[{"role":"user","content":"x"}]}""", 400, ErrorCode.InvalidData)]
    [InlineData("""{"threadId":"t-none","runId":"r","messages":[]}""", 400, ErrorCode.InvalidData)]
    [InlineData("""{"threadId":"t-none","runId":"r","messages":[],"resume":[{"interruptId":"x","status":"done"}]}""", 400, ErrorCode.InvalidData)]
    public async Task What_is_no_run_is_refused(string body, int status, string code)
    {
        using var http = gateway.CreateClient();
        using var answer = await http.PostAsync(new Uri("/agui/quick-answer", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).Text("code"));
    }

    [Fact]
    public async Task A_workflow_that_is_not_there_is_refused_and_without_the_setting_so_is_the_door()
    {
        using var http = gateway.CreateClient();
        using var answer = await http.PostAsync(new Uri("/agui/none", UriKind.Relative), Body(Starts.NewId()));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(ErrorCode.UnknownWorkflow, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).Text("code"));

        await using var other = await CustomFixture.StartAsync(sockets: false);
        using var shut = other.CreateClient();
        using var nothing = await shut.PostAsync(new Uri("/agui/quick-answer", UriKind.Relative), Body(Starts.NewId()));
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
    }

    [Fact]
    public async Task A_session_that_was_begun_elsewhere_is_shown_to_whoever_names_it_as_the_thread()
    {
        var session = Starts.NewId();
        await gateway.StartWorkflowAsync(session, "reviewed-draft");
        var blocks = Blocks(await PostAsync("reviewed-draft", session, body: $$"""{"threadId":"{{session}}","runId":"r","messages":[]}"""));
        var last = JsonElement.Parse(blocks[^1][(blocks[^1].IndexOf("data: ", StringComparison.Ordinal) + 6)..]);
        Assert.Equal(("RUN_FINISHED", "interrupt"), (last.Text("type"), last.GetProperty("outcome").Text("type")));
    }

    private static List<string> Blocks(string text) => [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(block => !block.StartsWith(':'))];

    private static StringContent Body(string thread) =>
        new($$"""{"threadId":"{{thread}}","runId":"r-1","messages":[{"id":"m-1","role":"user","content":"Tea or coffee?"}],"tools":[],"context":[]}""", Encoding.UTF8, "application/json");

    private async Task<string> PostAsync(string workflow, string thread, string? lastEventId = null, string? body = null)
    {
        using var http = gateway.CreateReaderClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/agui/{workflow}") { Content = body is null ? Body(thread) : new StringContent(body, Encoding.UTF8, "application/json") };
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        using var answer = await Wait.For(http.SendAsync(request), "the whole run");
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return await answer.Content.ReadAsStringAsync();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Browser;

/// <summary>What the page of the gateway shows and sends.</summary>
public sealed class ViewTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Ended = "document.getElementById('status').textContent === 'completed'";

    [Fact]
    public async Task Two_presses_start_one_session()
    {
        await using var page = await fixture.OpenAsync();
        await page.EvaluateAsync("document.getElementById('workflow').value = 'quick-answer'");

        await page.ClickAsync("start-button", times: 2);
        var call = await fixture.Models["default"].NextCall();
        call.Say("one").End();

        await page.UntilAsync(Ended, "the end of the session");
        Assert.Equal(["api/v1/sessions"], Strings(await page.EvaluateAsync("posts")));
        Assert.Equal(1, (await page.EvaluateAsync("document.querySelectorAll('.node').length")).GetInt32());
    }

    [Fact]
    public async Task A_failed_session_is_tried_again_once_and_says_where_it_comes_from()
    {
        await using var page = await fixture.OpenAsync();
        await page.EvaluateAsync("document.getElementById('workflow').value = 'quick-answer'");
        await page.ClickAsync("start-button");
        var call = await fixture.Models["default"].NextCall();
        await page.UntilAsync("document.getElementById('session-id').textContent !== ''", "the session");
        var failed = await page.TextAsync("session-id");
        Assert.True((await page.EvaluateAsync("document.getElementById('retry').hidden && document.getElementById('origin').hidden")).GetBoolean());
        call.Throw(new InvalidOperationException("away"));
        await page.UntilAsync("document.getElementById('status').textContent === 'failed' && !document.getElementById('retry').hidden", "the failure");

        await page.ClickAsync("retry", times: 2);
        (await fixture.Models["default"].NextCall()).Say("one").End();

        await page.UntilAsync(Ended, "the end of the session");
        Assert.Equal(["api/v1/sessions", $"api/v1/sessions/{failed}/retry"], Strings(await page.EvaluateAsync("posts")));
        Assert.NotEqual(failed, await page.TextAsync("session-id"));
        Assert.Equal(failed, await page.TextAsync("origin-link"));
        await page.ClickAsync("origin-link");
        await page.UntilAsync($"document.getElementById('session-id').textContent === '{failed}' && document.getElementById('status').textContent === 'failed' && document.getElementById('origin').hidden", "the session that it comes from");
    }

    [Fact]
    public async Task Two_presses_say_a_thing_once()
    {
        var (id, call, page) = await RunAsync();
        await using var _ = page;
        await page.WriteAsync("content", "hello");

        await page.ClickAsync("send", times: 2);

        await page.UntilAsync("document.getElementById('nodes').textContent.includes('hello') && document.getElementById('content').value === ''", "the words");
        Assert.Equal([$"api/v1/sessions/{id}/input"], Strings(await page.EvaluateAsync("posts")));
        Assert.True((await page.EvaluateAsync("document.getElementById('notice').hidden")).GetBoolean());
        call.End();
    }

    [Fact]
    public async Task A_call_of_a_tool_is_shown_and_approved_with_a_press()
    {
        await using var page = await fixture.OpenAsync();
        await page.EvaluateAsync("document.getElementById('workflow').value = 'tool-approval'");
        await page.ClickAsync("start-button");
        (await fixture.Models["default"].NextCall()).Send(Call("now")).Send(Call("calculate", ("expression", "6 * 7"))).End(ChatFinishReason.ToolCalls);
        await page.UntilAsync("document.querySelector('#actions [data-action=approve]')", "the question");
        Assert.Equal("""May calculate be called with {"expression":"6 * 7"}?""", await page.TextAsync("say-label"));
        Assert.Contains("\"expression\": \"6 * 7\"", (await page.EvaluateAsync("document.getElementById('content').value")).GetString(), StringComparison.Ordinal);
        await page.EvaluateAsync("{ const approve = document.querySelector('#actions [data-action=approve]'); approve.click(); approve.click(); }");
        (await fixture.Models["default"].NextCall()).Say("42").End();

        await page.UntilAsync(Ended, "the end of the session");
        var calls = Strings(await page.EvaluateAsync("[...document.querySelectorAll('.node .tool')].map((e) => e.textContent)")).ToList();
        Assert.StartsWith("now {}: completed\n", calls[0], StringComparison.Ordinal);
        Assert.Equal("calculate {\"expression\":\"6 * 7\"}: completed\n42", calls[1]);
        Assert.Equal(2, Strings(await page.EvaluateAsync("posts")).Count());
        Assert.Empty(Strings(await page.EvaluateAsync("[...document.querySelectorAll('.node .thinking')].map((e) => e.textContent)")));

        static FunctionCallContent Call(string name, params (string Name, object? Value)[] arguments) => new($"id-{name}", name, arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
    }

    [Fact]
    public async Task Of_two_openings_that_overlap_the_last_is_shown()
    {
        var slow = await TestSession.CreateAsync(fixture.Services);
        await slow.SayAsync(1, "slow_node");
        await slow.EndAsync();
        var wanted = await TestSession.CreateAsync(fixture.Services);
        await wanted.SayAsync(1, "wanted_node");
        await wanted.EndAsync();
        await using var page = await fixture.OpenAsync(script: $$"""
            {
              const send = window.fetch;
              const gate = new Promise((open) => { window.release = open; });
              window.asked = 0;
              window.fetch = async (url, { signal, ...options } = {}) => {
                if (url.endsWith('{{slow.Id}}')) {
                  asked += 1;
                  await gate;
                }
                return send(url, options);
              };
            }
            """);

        await page.EvaluateAsync($"location.hash = '{slow.Id}'");
        await page.EvaluateAsync("new Promise((done) => { const look = () => (asked ? done() : setTimeout(look, 5)); look(); })");
        await page.EvaluateAsync($"location.hash = '{wanted.Id}'");
        await page.UntilAsync(Ended, "the wanted session");
        await page.EvaluateAsync("release(); new Promise((done) => setTimeout(done, 200))");

        Assert.Equal(wanted.Id, await page.TextAsync("session-id"));
        Assert.Equal("", await page.TextAsync("notice"));
        Assert.Equal(["wanted node"], Strings(await page.EvaluateAsync("[...document.querySelectorAll('.node h2 span:first-child')].map((e) => e.textContent)")));
    }

    [Fact]
    public async Task Back_leaves_the_session_that_was_started()
    {
        await using var page = await fixture.OpenAsync();
        await page.EvaluateAsync("document.getElementById('workflow').value = 'quick-answer'");
        await page.ClickAsync("start-button");
        (await fixture.Models["default"].NextCall()).Say("one").End();
        await page.UntilAsync(Ended, "the end of the session");

        await page.EvaluateAsync("history.back()");
        await page.UntilAsync("document.getElementById('session').hidden", "the session to be gone");
        await page.EvaluateAsync("history.forward()");
        await page.UntilAsync("!document.getElementById('session').hidden", "the session to be back");
    }

    [Fact]
    public async Task A_long_session_is_laid_out_by_the_frame_and_not_by_the_token()
    {
        const int Tokens = 60_000;
        var session = await LongAsync(Tokens);
        await using var page = await fixture.OpenAsync(script: """
            window.WebSocket = class extends WebSocket {
              set onmessage(heard) { super.onmessage = (message) => { window.heard = (window.heard ?? 0) + 1; heard(message); }; }
            };
            """);
        var before = await page.LayoutsAsync();

        var start = Stopwatch.GetTimestamp();
        await page.EvaluateAsync($"location.hash = '{session.Id}'");
        await page.UntilAsync(Ended, "the whole session");
        TestContext.Current.TestOutputHelper!.WriteLine($"{Tokens} tokens are shown after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms.");

        // The counts are the same on a slow machine: with a layout for each token, 60,000 of them took minutes; with a message
        // of the connection for each, three times as long as in pages.
        Assert.InRange(await page.LayoutsAsync() - before, 1, Tokens / 10);
        Assert.Equal(0, (await page.EvaluateAsync("window.heard ?? 0")).GetInt32());
        Assert.EndsWith($"tok{Tokens} ", await page.TextAsync("nodes"));
    }

    [Theory]
    [InlineData("throw new TypeError('the network is gone')")]
    [InlineData("return new Response('down', { status: 503 })")]
    public async Task A_long_session_whose_pages_fail_comes_over_the_connection_whole(string failure)
    {
        const int Tokens = 25_000;
        var session = await LongAsync(Tokens);
        await using var page = await fixture.OpenAsync(script: $$"""
            {
              const send = window.fetch;
              window.fetch = async (url, options) => {
                if (!url.includes('/events?after_seq=') || url.includes('after_seq=0&')) return send(url, options);
                {{failure}};
              };
            }
            """);

        await page.EvaluateAsync($"location.hash = '{session.Id}'");
        await page.UntilAsync(Ended, "the whole session");

        var texts = Strings(await page.EvaluateAsync("[...document.querySelectorAll('.node .text')].map((e) => e.textContent)"));
        Assert.Equal(Enumerable.Range(1, Tokens), texts.SelectMany(text => text!.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(word => int.Parse(word[3..], CultureInfo.InvariantCulture)).Order());
    }

    // Two nodes by turns, so that nothing can be merged: each token is an event of its own.
    private async Task<TestSession> LongAsync(int tokens)
    {
        var session = await TestSession.CreateAsync(fixture.Services);
        for (var round = 0; round < tokens / 2; round++)
        {
            await session.SayAsync(1, "left");
            await session.SayAsync(1, "right");
        }

        await session.EndAsync();
        return session;
    }

    [Fact]
    public async Task Words_said_during_a_pause_are_seen_at_once_and_once_more_as_said()
    {
        var (id, call, page) = await RunAsync();
        await using var _ = page;
        await page.ClickAsync("pause");
        await page.UntilAsync("!document.getElementById('resume').disabled", "the pause");
        await page.WriteAsync("content", "think of the disabled");
        await page.ClickAsync("send");

        await page.UntilAsync("document.querySelector('.held')?.textContent === 'think of the disabled'", "the words as held");
        await page.GoAsync(new Uri(fixture.Address, $"/?again#{id}"));
        await page.UntilAsync("document.querySelector('.held')?.textContent === 'think of the disabled'", "the words after a reload");

        await page.ClickAsync("resume");
        await page.UntilAsync("document.querySelector('.user')?.textContent === 'think of the disabled' && !document.querySelector('.held')", "the words as said");
        call.End();
        await page.UntilAsync(Ended, "the end of the session");
    }

    [Fact]
    public async Task A_prompt_that_was_answered_during_a_pause_is_not_asked_again()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await fixture.StartAsync(SampleWorkflows.Reviewed, models);
        (await fixture.Models[$"{models}-a"].NextCall()).Say("A draft.").End();
        await using var page = await fixture.OpenAsync($"/#{id}");
        await page.UntilAsync("document.getElementById('say-label').textContent === 'Good?'", "the prompt");
        Assert.True((await page.EvaluateAsync("document.getElementById('resume').disabled && !document.getElementById('pause').disabled")).GetBoolean());
        await page.ClickAsync("pause");
        await page.UntilAsync("!document.getElementById('resume').disabled", "the pause");
        await page.WriteAsync("content", "fine");
        await page.ClickAsync("send");

        await page.UntilAsync("document.querySelector('.held')?.textContent === 'fine' && document.getElementById('say-label').textContent !== 'Good?'", "the answer as held");
        await page.ClickAsync("resume");
        (await fixture.Models[$"{models}-b"].NextCall()).Say("The text.").End();
        await page.UntilAsync(Ended, "the end of the session");
    }

    [Fact]
    public async Task An_answer_that_was_cut_says_so()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await fixture.StartAsync(SampleWorkflows.Debate, models);
        (await fixture.Models[$"{models}-a"].NextCall()).Say("All of it.").End();
        (await fixture.Models[$"{models}-b"].NextCall()).Say("Half of").End(ChatFinishReason.Length);
        (await fixture.Models[$"{models}-judge"].NextCall()).Say("Well.").End();

        await using var page = await fixture.OpenAsync($"/#{id}");

        await page.UntilAsync(Ended, "the end of the session");
        Assert.Equal(["Half ofThe answer was cut at a limit of tokens."], Strings(await page.EvaluateAsync("[...document.querySelectorAll('.node .text')].filter((e) => e.querySelector('.cut')).map((e) => e.textContent)")));
    }

    [Fact]
    public async Task The_page_to_try_the_API_works_within_its_policy()
    {
        await using var page = await fixture.OpenOtherAsync("/scalar", "document.body.innerText.includes('Lists the workflows that can be started by id')");

        // What is shown has a style and a script of its own, and nothing was asked of another host or in vain.
        Assert.Empty(Strings(await page.EvaluateAsync("performance.getEntriesByType('resource').filter((e) => e.responseStatus >= 400 || !e.name.startsWith(location.origin)).map((e) => e.name + ' ' + e.responseStatus)")));
        Assert.Empty(Strings(await page.EvaluateAsync("broken")));
    }

    private static IEnumerable<string?> Strings(JsonElement list) => list.EnumerateArray().Select(e => e.GetString());

    // A session whose agent has said its first word, on a page.
    private async Task<(string Id, GatedCall Call, Tab Page)> RunAsync()
    {
        var models = Guid.NewGuid().ToString("N");
        var id = await fixture.StartAsync(SampleWorkflows.Quick, models);
        var call = await fixture.Models[$"{models}-a"].NextCall();
        call.Say("one ");
        var page = await fixture.OpenAsync($"/#{id}");
        await page.UntilAsync("document.getElementById('nodes').textContent.includes('one ')", "the first word");
        return (id, call, page);
    }
}

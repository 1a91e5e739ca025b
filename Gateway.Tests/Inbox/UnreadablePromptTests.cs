using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>One row of the index that cannot be read hides itself, and nothing else.</summary>
public sealed class UnreadablePromptTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestLog _logger = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _logger.Check();
        _logger.Dispose();
    }

    [Fact]
    public async Task A_prompt_that_cannot_be_read_is_passed_over_and_told_of_once()
    {
        _logger.Announce(LogEvents.SqlitePromptUnreadable);
        var file = _folder.At("gateway.db");
        await using var log = SqliteLogs.Open(file, logger: _logger.For<SqliteSessionLog>());
        await log.FillAsync("s-1", 1);
        await log.AppendAsync("s-1", 1, Sample.Tokens("s-1", 1, 1), new SessionStanding(SessionStatus.Paused, Prompts: [Opened("one"), Opened("two"), Opened("three")]), Token);
        using (var connection = SqliteLogs.Connect(file)) connection.Execute("UPDATE prompts SET prompt = x'7b', assignees = '[' WHERE prompt_id = 'two'");

        Assert.Equal(["one", "three"], Names(await log.ListPromptsAsync(new PromptQuery(0, 2), Token)));
        Assert.Equal(["one", "three"], Names(await log.ListPromptsAsync(new PromptQuery(0, 10) { Assignee = "ann" }, Token)));
        var first = await log.ReadPromptChangesAsync(0, 0, 1, Token);
        var second = await log.ReadPromptChangesAsync(first.Prompts[0].Change, 0, 1, Token);
        Assert.Equal((true, false), (first.HasMore, second.HasMore));
        Assert.Equal(["one", "three"], Names(first).Concat(Names(second)));
        Assert.Single(_logger.Entries, entry => entry.Id == LogEvents.SqlitePromptUnreadable);
    }

    private static PromptChange Opened(string id) => new() { PromptId = id, NodeId = id, Seq = 2, At = Sample.Start, Prompt = new Prompt { PromptId = id, Text = "Good?", Assignees = ["ann"] } };

    private static IEnumerable<string> Names(LoggedPrompts page) => page.Prompts.Select(logged => logged.Prompt.PromptId);
}

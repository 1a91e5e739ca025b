using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Tests.Engine;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>A file of a version without the index of prompts gets the index that it would have had.</summary>
public sealed class PromptMigrationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_waits_in_an_older_file_is_found_in_its_logs()
    {
        var file = _folder.At("old.db");
        IReadOnlyList<LoggedPrompt> before;
        await using (var log = SqliteLogs.Open(file))
        {
            var random = new Random(7);
            for (var i = 0; i < 60; i++)
            {
                var tape = new byte[random.Next(40, 260)];
                random.NextBytes(tape);
                var play = new Play(tape, build: RandomFlow.Build);
                await PlayAsync(log, $"s-{i}", play, 1 + Math.Max(0, play.Appends.FindLastIndex(append => append.Standing.Prompts?.Any(change => change.Prompt is not null) == true)));
            }

            before = (await log.ListPromptsAsync(new PromptQuery(0, 1000), CancellationToken.None)).Prompts;
        }

        Assert.True(before.Count >= 20, $"Only {before.Count} prompts wait.");
        using (var connection = SqliteLogs.Connect(file)) connection.Execute("DROP TABLE prompts; DROP TABLE inbox; DROP TABLE dead_letters; ALTER TABLE followers DROP COLUMN halted; PRAGMA user_version = 4");

        await using var after = SqliteLogs.Open(file);
        var found = await after.ListPromptsAsync(new PromptQuery(0, 1000), CancellationToken.None);
        Assert.Equal(before.Select(Gist).Order(), found.Prompts.Select(Gist).Order());
        Assert.Equal(found.Prompts.Select(logged => logged.Prompt.Since).Order(), found.Prompts.Select(logged => logged.Prompt.Since));
        Assert.Equal(found.Prompts.Count, found.LastChange);
    }

    private static async Task PlayAsync(SqliteSessionLog log, string id, Play play, int appends)
    {
        Assert.Null(await log.CreateAsync(play.Header with { SessionId = id }, CancellationToken.None));
        foreach (var (events, standing) in play.Appends.Take(appends)) await log.AppendAsync(id, events[0].Seq - 1, events, standing, CancellationToken.None);
    }

    private static string Gist(LoggedPrompt logged) =>
        $"{logged.At:O} {string.Join(",", logged.Assignees ?? [])} {System.Text.Json.JsonSerializer.Serialize(logged.Prompt)}";
}

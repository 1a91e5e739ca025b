using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>How prompts stand in their table.</summary>
internal static class PromptRows
{
    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns = "number, change, changed_at, session_id, workflow_id, node_id, prompt_id, seq, since, prompt, assignees, outcome, answered_by";

    /// <summary>What is asked, as JSON.</summary>
    public static byte[] Encode(Prompt prompt) => JsonSerializer.SerializeToUtf8Bytes(prompt, ContractsJson.Wire.Prompt);

    /// <summary>Who is to answer, as JSON; null for anybody.</summary>
    public static string? EncodeAssignees(Prompt prompt) =>
        prompt.Assignees is { } assignees ? JsonSerializer.Serialize(assignees, ContractsJson.Wire.IReadOnlyListString) : null;

    /// <summary>The rows of a statement up to a limit, and whether there are more; those that cannot be read are told of and passed over.</summary>
    public static (IReadOnlyList<LoggedPrompt> Prompts, bool HasMore) Read(PreparedStatement statement, ReadLimit limit, Action<string, string, Exception>? unreadable)
    {
        var prompts = new List<LoggedPrompt>();
        long bytes = 0;
        using var rows = statement.Query();
        while (statement.Step())
        {
            if (prompts.Count >= limit.Events || bytes >= limit.Bytes) return (prompts, true);
            var json = statement.Blob(9);
            if (ReadRow(statement, json, unreadable) is not { } prompt) continue;
            prompts.Add(prompt);
            bytes += json?.Length ?? 0;
        }

        return (prompts, false);
    }

    private static LoggedPrompt? ReadRow(PreparedStatement row, byte[]? json, Action<string, string, Exception>? unreadable)
    {
        try
        {
            var prompt = new InboxPrompt
            {
                SessionId = row.Text(3),
                WorkflowId = row.Text(4),
                NodeId = row.TextOrNull(5),
                PromptId = row.Text(6),
                Seq = row.Int64(7),
                Since = new DateTime(row.Int64(8), DateTimeKind.Utc),
                Prompt = json is null ? null : JsonSerializer.Deserialize(json, ContractsJson.Wire.Prompt),
                Outcome = row.TextOrNull(11),
                By = row.TextOrNull(12),
            };
            var assignees = row.TextOrNull(10) is { } names ? JsonSerializer.Deserialize(names, ContractsJson.Wire.IReadOnlyListString) : null;
            return new LoggedPrompt(row.Int64(0), row.Int64(1), new DateTime(row.Int64(2), DateTimeKind.Utc), prompt, assignees);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentOutOfRangeException)
        {
            unreadable?.Invoke(row.Text(3), row.Text(6), exception);
            return null;
        }
    }
}

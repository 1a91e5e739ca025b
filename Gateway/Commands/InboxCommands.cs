using System.Globalization;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Inbox;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Commands;

/// <summary>What doors may ask of the inbox: what waits for a person, over all sessions.</summary>
/// <remarks>An answer to a prompt is a command to its session, like any other; see <see cref="SessionCommands"/>.</remarks>
internal sealed class InboxCommands(ILogPrompts prompts, InboxFeed feed, TimeProvider time)
{
    // What is no large message: a page may end earlier than it was asked to.
    private const int MaxPageBytes = 64 * 1024;

    /// <summary>Lists what waits, a page at a time.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: the cursor is none.</exception>
    public async Task<PromptPage> ListAsync(Caller caller, InboxQuery query, CancellationToken cancellationToken)
    {
        var page = await prompts.ListPromptsAsync(
            new PromptQuery(ReadCursor(query.Cursor), new ReadLimit(query.Limit, MaxPageBytes))
            {
                Assignee = query.Assignee,
                WorkflowId = query.WorkflowId,
                Since = query.OlderThan is { } age ? Before(age) : null,
            },
            cancellationToken);
        return new PromptPage
        {
            Prompts = [.. page.Prompts.Select(logged => logged.Prompt)],
            NextCursor = page.HasMore ? page.Prompts[^1].Number.ToString(CultureInfo.InvariantCulture) : null,
            Position = new InboxPosition(page.Store, page.LastChange).ToString(),
        };
    }

    /// <summary>What waits, and then each change of that, until it is cancelled.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: the position is none.</exception>
    public IAsyncEnumerable<InboxMessage> Watch(Caller caller, WatchInbox watch, CancellationToken cancellationToken)
    {
        Require(watch);
        return feed.WatchAsync(watch, cancellationToken);
    }

    /// <summary>Checks what a watcher asks for.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: the position is none.</exception>
    public static void Require(WatchInbox watch)
    {
        if (watch.After is not { } after || InboxPosition.Parse(after) is not null) return;
        throw new GatewayException(ErrorCode.InvalidData, "'after' must be the 'position' of a frame or of a page; leave it out to be told of all that waits.");
    }

    private static long ReadCursor(string? cursor)
    {
        if (cursor is null) return 0;
        if (long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        throw new GatewayException(ErrorCode.InvalidData, "'cursor' must be the 'next_cursor' of an earlier page.");
    }

    private DateTime Before(TimeSpan age)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return age < now - DateTime.MinValue ? now - age : DateTime.MinValue;
    }
}

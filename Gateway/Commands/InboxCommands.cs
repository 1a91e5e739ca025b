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
        var (after, upTo) = ReadCursor(query.Cursor);
        var page = await prompts.ListPromptsAsync(
            new PromptQuery(after, new ReadLimit(query.Limit, MaxPageBytes))
            {
                UpTo = upTo ?? long.MaxValue,
                Assignee = query.Assignee,
                WorkflowId = query.WorkflowId,
                Since = query.OlderThan is { } age ? Before(age) : null,
            },
            cancellationToken);

        // All pages are of what waited when the first one was read, so that a watcher hears from there of all that it has seen.
        var bound = upTo ?? page.LastChange;
        return new PromptPage
        {
            Prompts = [.. page.Prompts.Select(logged => logged.Prompt)],
            NextCursor = page.HasMore ? string.Create(CultureInfo.InvariantCulture, $"{page.Prompts[^1].Number}.{bound}") : null,
            Position = new InboxPosition(page.Store, bound).ToString(),
        };
    }

    /// <summary>What waits, and then each change of that, until it is cancelled.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: the position is none.</exception>
    public IAsyncEnumerable<InboxMessage> Watch(Caller caller, WatchInbox watch, CancellationToken cancellationToken)
    {
        Require(watch);
        return feed.WatchAsync(watch, cancellationToken);
    }

    /// <summary>Checks what a watcher asks for, and that there is an inbox to watch.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: the position is none.</exception>
    /// <exception cref="StorageException">The inbox cannot be read, and that does not pass.</exception>
    public Task RequireAsync(WatchInbox watch, CancellationToken cancellationToken)
    {
        Require(watch);
        return feed.RequireAsync(cancellationToken);
    }

    private static void Require(WatchInbox watch)
    {
        if (watch.After is not { } after || InboxPosition.Parse(after) is not null) return;
        throw new GatewayException(ErrorCode.InvalidData, "'after' must be the 'position' of a frame or of a page; leave it out to be told of all that waits.");
    }

    // The number of the last prompt that was listed, and of the last change when the first page was read.
    private static (long After, long? UpTo) ReadCursor(string? cursor)
    {
        if (cursor is null) return (0, null);
        var parts = cursor.Split('.');
        if (parts.Length == 2 && TryRead(parts[0], out var after) && TryRead(parts[1], out var upTo)) return (after, upTo);
        throw new GatewayException(ErrorCode.InvalidData, "'cursor' must be the 'next_cursor' of an earlier page.");
    }

    private static bool TryRead(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private DateTime Before(TimeSpan age)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return age < now - DateTime.MinValue ? now - age : DateTime.MinValue;
    }
}

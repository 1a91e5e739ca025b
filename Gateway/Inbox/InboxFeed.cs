using System.Runtime.CompilerServices;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Inbox;

/// <summary>The changes of the inbox on their way to all who watch it, each at its own pace.</summary>
/// <remarks>
/// What the store tells is only a hint that there is something to read. The newest changes are read once for all watchers and kept
/// for a while; who is further behind reads the store. So a slow watcher costs a number, and nothing when nobody watches.
/// </remarks>
internal sealed partial class InboxFeed : IDisposable
{
    private const int MostKept = 1024;
    private const int MostKeptBytes = 4 * 1024 * 1024;

    // What a change takes beside its JSON.
    private const int ChangeBytes = 512;
    private static readonly ReadLimit Page = new(200, 1024 * 1024);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ILogPrompts _prompts;
    private readonly TimeProvider _time;
    private readonly ILogger<InboxFeed> _logger;

    // Guards what follows.
    private readonly Lock _gate = new();
    private readonly List<InboxChange> _kept = [];

    // All changes after the first number up to the second are kept; known as of a hint, of which there have been so many.
    private long _keptFrom;
    private long _keptBytes;
    private long _keptTo;
    private string? _store;
    private long _hints = 1;
    private long _knownAsOf;
    private Task? _reading;
    private bool _fails;
    private TaskCompletionSource _hinted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A feed of a store's prompts.</summary>
    public InboxFeed(ILogPrompts prompts, TimeProvider time, ILogger<InboxFeed> logger)
    {
        _logger = logger;
        _prompts = prompts;
        _time = time;
        _prompts.PromptsChanged += OnChanged;
    }

    /// <inheritdoc/>
    public void Dispose() => _prompts.PromptsChanged -= OnChanged;

    /// <summary>Checks that there is an inbox to watch; a store that fails for a while passes.</summary>
    /// <exception cref="StorageException">It cannot be read, and that does not pass.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CatchUpAsync(cancellationToken);
        }
        catch (StorageException exception) when (!exception.IsLasting)
        {
            NoteFailure(exception);
        }
    }

    /// <summary>What has changed after a position, then what changes, until it is cancelled; a store that fails for a while is waited for.</summary>
    /// <param name="watch">Which prompts, and from where on. A position that is not of this store, or too old, is answered with a reset and all that waits.</param>
    /// <param name="cancellationToken">The watcher has left.</param>
    /// <exception cref="StorageException">The inbox cannot be read, and that does not pass.</exception>
    public async IAsyncEnumerable<InboxMessage> WatchAsync(WatchInbox watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = watch.After is { } text ? InboxPosition.Parse(text) : null;
        // Who begins with nothing has come to the present when it knows this change: those that waited then are told by pages.
        var fresh = 0L;
        while (true)
        {
            var (hinted, store, changes, upTo, last) = await NextAsync(after, fresh, cancellationToken);
            if (changes is null)
            {
                (after, fresh) = (new InboxPosition(store, 0), 0);
                yield return new InboxMessage(new InboxFrame { Event = InboxEvents.Reset, Timestamp = _time.GetUtcNow().UtcDateTime, Position = after.Value.ToString() });
                continue;
            }

            var known = after!.Value.Change;
            if (known == 0) fresh = last;
            foreach (var change in changes)
            {
                if (change.Concerns(watch, known, known < fresh ? fresh : 0)) yield return change.Message;
            }

            after = new InboxPosition(store, upTo);
            if (upTo == known) await hinted.WaitAsync(cancellationToken);
        }
    }

    private void OnChanged()
    {
        TaskCompletionSource hinted;
        lock (_gate)
        {
            _hints++;
            hinted = _hinted;
            _hinted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        hinted.TrySetResult();
    }

    // The changes after a position; null when all that waits has to be told anew.
    private async Task<(Task Hinted, string Store, IReadOnlyList<InboxChange>? Changes, long UpTo, long Last)> NextAsync(InboxPosition? after, long fresh, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var hinted = await CatchUpAsync(cancellationToken);
                lock (_gate)
                {
                    if (after is not { } position || position.Store != _store) return (hinted, _store!, null, 0, 0);
                    if (position.Change >= _keptFrom && position.Change <= _keptTo) return (hinted, _store, After(position.Change), _keptTo, _keptTo);
                }

                // Further behind than what is kept, or ahead of it: a commit can be seen before the store tells of it.
                var known = after.Value.Change;
                var closedAfter = known == 0 ? long.MaxValue : known < fresh ? fresh : 0;
                var page = await _prompts.ReadPromptChangesAsync(known, closedAfter, Page, cancellationToken);

                // Of what was closed before it began a watcher needs nothing, and the store need not remember it.
                var needed = Math.Max(known, fresh);
                if (known > page.LastChange || (known > 0 && needed < page.RememberedFrom)) return (hinted, page.Store, null, 0, 0);
                return (hinted, page.Store, [.. page.Prompts.Select(logged => new InboxChange(page.Store, logged))], LastOf(page), page.LastChange);
            }
            catch (StorageException exception) when (!exception.IsLasting)
            {
                NoteFailure(exception);
                await Task.Delay(RetryAfter, _time, cancellationToken);
            }
        }
    }

    // Of each prompt what it is now, as the store has it: what was opened and closed meanwhile is neither.
    private IReadOnlyList<InboxChange> After(long position)
    {
        var first = _kept.FindLastIndex(change => change.Number <= position) + 1;
        if (_kept.Count - first <= 1) return _kept[first..];
        var last = _kept[first..].GroupBy(change => change.Prompt).Select(changes => changes.Last());
        return [.. last.OrderBy(change => change.Number)];
    }

    // Returns once all is kept that was committed before; the task completes with what is committed afterwards.
    private async Task<Task> CatchUpAsync(CancellationToken cancellationToken)
    {
        long wanted;
        Task hinted;
        lock (_gate) (wanted, hinted) = (_hints, _hinted.Task);
        while (true)
        {
            Task reading;
            lock (_gate)
            {
                if (_knownAsOf >= wanted) return hinted;
                reading = _reading ??= ReadOnAsync(_hints);
            }

            await reading.WaitAsync(cancellationToken);
        }
    }

    private async Task ReadOnAsync(long asOf)
    {
        // The caller holds the lock.
        await Task.Yield();
        try
        {
            while (true)
            {
                var page = await _prompts.ReadPromptChangesAsync(_store is null ? long.MaxValue - 1 : _keptTo, 0, Page, CancellationToken.None);
                IReadOnlyList<InboxChange> changes = [.. page.Prompts.Select(logged => new InboxChange(page.Store, logged))];
                NoteSuccess();
                lock (_gate)
                {
                    Keep(page, changes);
                    if (page.HasMore) continue;
                    _knownAsOf = asOf;
                    return;
                }
            }
        }
        finally
        {
            lock (_gate) _reading = null;
        }
    }

    private void Keep(LoggedPrompts page, IReadOnlyList<InboxChange> changes)
    {
        if (_store is null) (_store, _keptFrom, _keptTo) = (page.Store, page.LastChange, page.LastChange);
        if (_keptTo < page.RememberedFrom)
        {
            // The store has forgotten some of what has changed since.
            _kept.Clear();
            (_keptFrom, _keptTo, _keptBytes) = (page.RememberedFrom, page.RememberedFrom, 0);
        }

        foreach (var change in changes)
        {
            if (change.Number <= _keptFrom) continue;
            _kept.Add(change);
            _keptBytes += SizeOf(change);
        }

        _keptTo = Math.Max(_keptTo, LastOf(page));
        var excess = 0;
        for (; _kept.Count - excess > MostKept || _keptBytes > MostKeptBytes; excess++) _keptBytes -= SizeOf(_kept[excess]);
        if (excess == 0) return;
        _keptFrom = _kept[excess - 1].Number;
        _kept.RemoveRange(0, excess);
    }

    private static int SizeOf(InboxChange change) => ChangeBytes + change.Message.Json.Length;

    private void NoteFailure(StorageException exception)
    {
        lock (_gate)
        {
            if (_fails) return;
            _fails = true;
        }

        LogUnreadable(exception);
    }

    private void NoteSuccess()
    {
        lock (_gate)
        {
            if (!_fails) return;
            _fails = false;
        }

        LogReadableAgain();
    }

    // Of what has changed again only the last change is read, so behind the last that was read there may be nothing.
    private static long LastOf(LoggedPrompts page) => page.HasMore ? page.Prompts[^1].Change : page.LastChange;
}

using System.Collections.Concurrent;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Observers;

namespace Gateway.Webhooks;

/// <summary>One endpoint: is told of the log from its cursors, at least once, of each session in order.</summary>
/// <remarks>
/// A message that is not taken holds up its session and no other, until it is taken or given up; then it is a dead letter, in the same
/// commit that moves the cursor. An endpoint that has answered 410 stands still: its cursors wait.
/// </remarks>
internal sealed partial class WebhookEndpoint : IAsyncDisposable
{
    // Who stands still is not asked again; whoever enables it begins a new run.
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);

    private readonly WebhookEndpointOptions _options;
    private readonly Uri _url;
    private readonly int _keep;
    private readonly WebhookLog _log;
    private readonly WebhookProjection _projection;
    private readonly WebhookSender _sender;
    private readonly WebhookRetries _retries;
    private readonly WebhookMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookEndpoint> _logger;
    private readonly ILoggerFactory _loggers;

    // How often the message of a session that is next was sent.
    private readonly ConcurrentDictionary<string, (long Seq, int Tries)> _tries = new(StringComparer.Ordinal);

    // One at a time begins and ends runs, and redelivers.
    private readonly SemaphoreSlim _switching = new(1);
    private readonly SemaphoreSlim _redelivering = new(1);
    private volatile ObserverRun? _run;
    private WebhookHalt? _halt;
    private volatile WebhookFailure? _lastFailure;
    private Task _halting = Task.CompletedTask;
    private long _lastTaken;
    private bool _disposed;

    /// <summary>An endpoint that begins with <see cref="StartAsync"/>.</summary>
    public WebhookEndpoint(string name, WebhookEndpointOptions options, int keep, WebhookLog log, HttpMessageInvoker http, WebhookRetries retries, WebhookMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        (Name, _options, _keep, _log, _retries, _metrics, _time) = (name, options, keep, log, retries, metrics, time);
        (_logger, _loggers) = (loggers.CreateLogger<WebhookEndpoint>(), loggers);
        _url = new Uri(options.Url!.Trim());
        _projection = new WebhookProjection(name, log.Events);
        _sender = new WebhookSender(_url, [.. options.Secrets.Select(secret => WebhookKey.Parse(secret)!)], options.Timeout, http, time);
        metrics.Watch(name, () => _run?.Waiting ?? 0);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    // No observer of a host can have such a name.
    private string Follower => $"webhook:{Name}";

    /// <summary>Begins, unless it stands still; what happens from now on is for a new endpoint to hear.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _switching.WaitAsync(cancellationToken);
        try
        {
            _halt = await FindHaltAsync(cancellationToken);
            if (_halt is null) await BeginAsync(cancellationToken);
            else LogStillHalted(Name, _halt.At);
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>There may be something to tell of a session.</summary>
    public void Note(string sessionId) => _run?.Note(sessionId);

    /// <summary>A session is gone.</summary>
    public void Forget(string sessionId)
    {
        _tries.TryRemove(sessionId, out _);
        _projection.Forget(sessionId);
    }

    /// <summary>How it goes.</summary>
    public async Task<WebhookInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        var halt = _halt;
        var taken = Interlocked.Read(ref _lastTaken);
        return new WebhookInfo
        {
            Name = Name,
            Host = _url.GetLeftPart(UriPartial.Authority),
            State = halt is null ? WebhookState.Active : WebhookState.Halted,
            HaltedSince = halt?.At,
            Events = _options.Events.Length == 0 ? WebhookTypes.All : _options.Events,
            Workflows = _options.Workflows.Length == 0 ? null : _options.Workflows,
            Waiting = _run?.Waiting ?? 0,
            DeadLetters = await _log.Letters.CountDeadLettersAsync(Follower, cancellationToken),
            LastTaken = taken == 0 ? null : new DateTime(taken, DateTimeKind.Utc),
            LastFailure = _lastFailure,
        };
    }

    /// <summary>A page of what was given up, the oldest first.</summary>
    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(long after, int limit, CancellationToken cancellationToken) => _log.Letters.ListDeadLettersAsync(Follower, after, limit, cancellationToken);

    /// <summary>Sends what was given up once more, the oldest first, up to the first that is not taken.</summary>
    /// <param name="id">Only this message; null: up to <paramref name="limit"/> of them.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up; what was taken by then is removed, except for the last, which may be sent again.</param>
    /// <returns>How many were taken; null when there is no message of that id.</returns>
    public async Task<WebhookRedelivery?> RedeliverAsync(string? id, int limit, CancellationToken cancellationToken)
    {
        await _redelivering.WaitAsync(cancellationToken);
        try
        {
            var letters = id is null ? await _log.Letters.ListDeadLettersAsync(Follower, 0, limit, cancellationToken)
                : await _log.Letters.FindDeadLetterAsync(Follower, id, cancellationToken) is { } one ? [one] : [];
            if (id is not null && letters.Count == 0) return null;
            var (taken, problem) = (0, (string?)null);
            foreach (var letter in letters)
            {
                var answer = await SendAsync(letter.Id, letter.Body, cancellationToken);
                problem = answer.Problem;
                if (problem is not null)
                {
                    await _log.Letters.AddDeadLetterAsync(Follower, letter with { At = _time.GetUtcNow().UtcDateTime, Tries = letter.Tries + 1, Reason = problem }, _keep, cancellationToken);
                    break;
                }

                taken++;
                LogRedelivered(Name, letter.Id, letter.SessionId, letter.Seq);
                await _log.Letters.RemoveDeadLetterAsync(Follower, letter.Id, cancellationToken);
            }

            return new WebhookRedelivery { Taken = taken, Left = await _log.Letters.CountDeadLettersAsync(Follower, cancellationToken), Problem = problem };
        }
        finally
        {
            _redelivering.Release();
        }
    }

    /// <summary>Lets an endpoint go on that stands still, from where it was.</summary>
    public async Task EnableAsync(CancellationToken cancellationToken)
    {
        await _switching.WaitAsync(cancellationToken);
        try
        {
            if (_halt is null || _disposed) return;

            // The run first, which may be about to note the halt. From here on nobody's leaving leaves it half done.
            await EndAsync();
            await _log.Letters.HaltAsync(Follower, null, CancellationToken.None);
            _halt = null;
            LogEnabled(Name);
            await BeginAsync(CancellationToken.None);
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>Ends; what was under way is told again at the next start.</summary>
    public async Task StopAsync()
    {
        await _switching.WaitAsync();
        try
        {
            _disposed = true;
            await EndAsync();
        }
        finally
        {
            _switching.Release();
        }

        await _halting;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _sender.Dispose();
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_disposed) return;
        var run = new ObserverRun(new Follower(Follower, TellAsync) { AtOnce = _options.MaxConcurrency }, _log.Events, _log.Cursors, _time, _loggers.CreateLogger<ObserverRun>());

        // First: what is committed while it looks for what it has missed is noted.
        _run = run;
        await run.StartAsync(cancellationToken);
    }

    private async Task EndAsync()
    {
        var run = _run;
        _run = null;
        if (run is not null) await run.StopAsync();
    }

    // Another address is another endpoint, and nobody has said that it is gone.
    private async Task<WebhookHalt?> FindHaltAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (WebhookHalt.Parse(await _log.Letters.FindHaltAsync(Follower, cancellationToken)) is not { } halt) return null;
            if (halt.Address == WebhookHalt.FingerprintOf(_url)) return halt;
            await _log.Letters.HaltAsync(Follower, null, cancellationToken);
            return null;
        }
        catch (StorageException)
        {
            // It says so once more itself.
            return null;
        }
    }

    private async Task<bool> TellAsync(SessionEntry session, LoggedEvent logged, CancellationToken cancellationToken)
    {
        if (logged.IsOf(TokenStream.EventName)) return false;
        var isLast = logged.Event is SessionEvent<ExecutionCompleted>;
        if (!IsWanted(session)) return isLast;
        if (await _projection.FindAsync(session, logged, cancellationToken) is not { } message || !IsWanted(message.Type))
        {
            if (isLast) Forget(session.SessionId);
            return isLast;
        }

        if (_halt is not null) throw new TellAgainException(Forever);
        var tries = (_tries.TryGetValue(session.SessionId, out var before) && before.Seq == message.Seq ? before.Tries : 0) + 1;
        var answer = await SendAsync(message.Id, message.Body, cancellationToken);
        if (answer.IsTaken)
        {
            _tries.TryRemove(session.SessionId, out _);
            if (isLast) Forget(session.SessionId);
            return true;
        }

        if (answer.IsGone) await HaltAsync();
        _tries[session.SessionId] = (message.Seq, tries);
        if (tries < _options.MaxTries)
        {
            var wait = _retries.After(tries, answer.RetryAfter);
            LogFailed(Name, message.Id, message.Type, session.SessionId, message.Seq, tries, answer.Problem!, wait);
            throw new TellAgainException(wait);
        }

        var letter = new DeadLetter { Id = message.Id, SessionId = message.SessionId, Seq = message.Seq, Kind = message.Type, At = _time.GetUtcNow().UtcDateTime, Tries = tries, Reason = answer.Problem!, Body = message.Body };
        await _log.Letters.AddDeadLetterAsync(Follower, letter, _keep, cancellationToken);
        LogGivenUp(Name, message.Id, message.Type, session.SessionId, message.Seq, tries, answer.Problem!);
        _metrics.GivenUp(Name);
        _tries.TryRemove(session.SessionId, out _);
        if (isLast) Forget(session.SessionId);
        return true;
    }

    private async Task<WebhookAnswer> SendAsync(string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        var answer = await _sender.SendAsync(id, body, cancellationToken);
        _metrics.Sent(Name, answer.IsTaken, _time.GetElapsedTime(begun));
        var now = _time.GetUtcNow().UtcDateTime;
        if (answer.IsTaken) Interlocked.Exchange(ref _lastTaken, now.Ticks);
        else _lastFailure = new WebhookFailure { At = now, Problem = answer.Problem! };
        return answer;
    }

    // The message that was refused waits with all others; it is not given up.
    private async Task HaltAsync()
    {
        var halt = new WebhookHalt(_time.GetUtcNow().UtcDateTime, WebhookHalt.FingerprintOf(_url));
        if (Interlocked.CompareExchange(ref _halt, halt, null) is null)
        {
            LogHalted(Name);
            try
            {
                // Also when the gateway stops at this moment: it would ask in vain at the next start.
                await _log.Letters.HaltAsync(Follower, halt.ToString(), CancellationToken.None);
            }
            catch (StorageException exception)
            {
                LogNotNoted(Name, exception.Message);
            }

            _halting = EndHaltedAsync();
        }

        throw new TellAgainException(Forever);
    }

    // Not by the run itself, which would wait for its own end.
    private async Task EndHaltedAsync()
    {
        await Task.Yield();
        await _switching.WaitAsync();
        try
        {
            if (_halt is not null) await EndAsync();
        }
        finally
        {
            _switching.Release();
        }
    }

    private bool IsWanted(SessionEntry session) => _options.Workflows.Length == 0 || _options.Workflows.Contains(session.WorkflowId, StringComparer.Ordinal);

    private bool IsWanted(string type) => _options.Events.Length == 0 || _options.Events.Contains(type, StringComparer.Ordinal);
}

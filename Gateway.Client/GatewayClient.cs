using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Client.Connection;
using Gateway.Client.Reading;
using Gateway.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Client;

/// <summary>Starts, watches and steers sessions of a gateway over one connection that mends itself.</summary>
/// <remarks>
/// <para>All members may be called from any thread. One client serves any number of sessions and readers.</para>
/// <para>While the connection is being made again, commands wait for it; pass a token to limit the wait. A command whose
/// answer was lost is repeated where that is harmless (start, fork, retry, cancel, ping); the others fail with
/// <see cref="ClientErrorCode.ConnectionLost"/>.</para>
/// <para>A command the gateway refuses throws <see cref="GatewayClientException"/> with the gateway's code.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var client = await GatewayClient.ConnectAsync("http://localhost:8080");
/// await foreach (var e in client.StartAndReadAsync("council-debate", "Should code be law?"))
/// {
///     if (e is SessionEvent&lt;TokenStream&gt; token) Console.Write(token.Data.Chunk);
/// }
/// </code>
/// </example>
public sealed class GatewayClient : IAsyncDisposable
{
    private readonly GatewayClientOptions _options;
    private readonly GatewayConnection _connection;
    private readonly SubscriptionTable _subscriptions;
    private readonly InboxReader _inbox;
    private readonly HttpDoor _http;
    private readonly StateNotifier _notifier;
    private readonly Lazy<Task> _disposal;

    /// <summary>Makes a client that is not connected yet; call <see cref="ConnectAsync(CancellationToken)"/>.</summary>
    /// <param name="address">The gateway, such as <c>http://localhost:8080</c>; where there is no path, that of the wire is added: <c>/hub</c> or <c>/ws</c>.</param>
    /// <param name="options">Settings; the defaults when null. Do not change them afterwards.</param>
    /// <exception cref="ArgumentException">The address is not one of http, https, ws or wss, or a setting is out of its range.</exception>
    public GatewayClient(Uri address, GatewayClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _options = options ?? new GatewayClientOptions();
        if (_options.Problems().ToList() is { Count: > 0 } problems) throw new ArgumentException(string.Join(" ", problems), nameof(options));

        Address = GatewayAddress.ToWire(address, _options.Wire);
        var logger = (_options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<GatewayClient>();
        _notifier = new StateNotifier(change => ConnectionStateChanged?.Invoke(this, change), logger);
        _subscriptions = new SubscriptionTable(_options, logger);
        _connection = new GatewayConnection(Address, _options, logger, new Observer(_subscriptions, _notifier));
        _inbox = new InboxReader(_connection, _options, logger);
        _http = new HttpDoor(Address, _options);
        _disposal = new Lazy<Task>(DisposeCoreAsync);
    }

    /// <summary>Tells when the connection is made, lost, made again or given up.</summary>
    /// <remarks>Raised one at a time, off the connection's own threads. A handler that blocks for long misses older changes.</remarks>
    public event EventHandler<ConnectionStateChangedEventArgs>? ConnectionStateChanged;

    /// <summary>The address this client talks to, with its path.</summary>
    public Uri Address { get; }

    /// <summary>Where the connection stands at this moment.</summary>
    public GatewayConnectionState ConnectionState => _connection.State;

    /// <summary>Makes a client and connects it.</summary>
    /// <exception cref="ArgumentException">The address is not one of http, https, ws or wss.</exception>
    /// <exception cref="GatewayClientException"><see cref="ClientErrorCode.ConnectionFailed"/>.</exception>
    public static Task<GatewayClient> ConnectAsync(
        string address, GatewayClientOptions? options = null, CancellationToken cancellationToken = default) =>
        ConnectAsync(GatewayAddress.Parse(address), options, cancellationToken);

    /// <inheritdoc cref="ConnectAsync(string, GatewayClientOptions?, CancellationToken)"/>
    public static async Task<GatewayClient> ConnectAsync(
        Uri address, GatewayClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        var client = new GatewayClient(address, options);
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects; returns once commands can be sent. Does nothing when connected.</summary>
    /// <remarks>Fails at the first try unless <see cref="GatewayClientOptions.RetryFirstConnect"/> is set.</remarks>
    /// <exception cref="GatewayClientException"><see cref="ClientErrorCode.ConnectionFailed"/>.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default) => _connection.ConnectAsync(cancellationToken);

    /// <summary>A session that exists, to read and to steer.</summary>
    /// <param name="sessionId">Its id. The gateway is not asked: whether it exists shows with the first thing that is done with it.</param>
    public SessionHandle Session(string sessionId) => new(this, Checked(sessionId), startSeq: null);

    /// <summary>Starts a session.</summary>
    /// <param name="workflowId">The workflow to run.</param>
    /// <param name="input">What the agents work on.</param>
    /// <param name="sessionId">An id of your own, <c>[A-Za-z0-9_-]{1,64}</c>; null: one is made up.</param>
    /// <param name="cancellationToken">Stops the waiting; the session may have been started.</param>
    /// <exception cref="GatewayClientException">The gateway refused.</exception>
    public Task<SessionHandle> StartAsync(
        string workflowId, string input, string? sessionId = null, CancellationToken cancellationToken = default) =>
        StartAsync(Command(workflowId, input, sessionId), cancellationToken);

    /// <summary>Starts a session.</summary>
    /// <remarks>
    /// A session id is made up when the command has none, so that the command can be repeated after a lost connection
    /// without starting a second session. Its events can be read from the first at any time: none is lost in between.
    /// </remarks>
    /// <exception cref="GatewayClientException">The gateway refused.</exception>
    public async Task<SessionHandle> StartAsync(StartSession command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var id = command.SessionId ?? NewSessionId();
        return await StartAsync(CommandTable.StartSession, command with { SessionId = id }, id, isOwn: command.SessionId is null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a session that shares the history of another one up to an event, and goes on differently.</summary>
    /// <remarks>
    /// What has finished stays so; what was under way begins again as a new attempt, and what was asked is asked again. A session id is made
    /// up when the command has none, so that it can be repeated after a lost connection. The other session stays as it is.
    /// </remarks>
    /// <param name="command">Which session, from where on, and what is different; <see cref="ForkSession.SourceSessionId"/> is needed.</param>
    /// <param name="cancellationToken">Stops the waiting; the session may have been started.</param>
    /// <exception cref="GatewayClientException">The gateway refused, such as with <c>unknown_session</c>, <c>seq_out_of_range</c> or <c>invalid_workflow</c>.</exception>
    public Task<SessionHandle> ForkAsync(ForkSession command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentException.ThrowIfNullOrEmpty(command.SourceSessionId);
        var id = command.SessionId ?? NewSessionId();
        return StartAsync(CommandTable.ForkSession, command with { SessionId = id }, id, isOwn: command.SessionId is null, cancellationToken);
    }

    /// <summary>Tries a failed session again: a fork of it, in which what failed runs again.</summary>
    /// <remarks>As for <see cref="ForkAsync"/>, but that it goes on from the failure.</remarks>
    /// <param name="command">Which session, and what is different; <see cref="RetrySession.SourceSessionId"/> is needed.</param>
    /// <param name="cancellationToken">Stops the waiting; the session may have been started.</param>
    /// <exception cref="GatewayClientException">The gateway refused, such as with <c>session_not_failed</c>.</exception>
    public Task<SessionHandle> RetryAsync(RetrySession command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentException.ThrowIfNullOrEmpty(command.SourceSessionId);
        var id = command.SessionId ?? NewSessionId();
        return StartAsync(CommandTable.RetrySession, command with { SessionId = id }, id, isOwn: command.SessionId is null, cancellationToken);
    }

    /// <summary>Starts a session and reads it from its first event to its end.</summary>
    /// <inheritdoc cref="StartAndReadAsync(StartSession, CancellationToken)"/>
    public IAsyncEnumerable<SessionEvent> StartAndReadAsync(
        string workflowId, string input, string? sessionId = null, CancellationToken cancellationToken = default) =>
        StartAndReadAsync(Command(workflowId, input, sessionId), cancellationToken);

    /// <summary>Starts a session and reads it from its first event to its end.</summary>
    /// <remarks>The session is started when the reading begins; leaving the loop leaves the session running.</remarks>
    /// <exception cref="GatewayClientException">The gateway refused, before the first event.</exception>
    public async IAsyncEnumerable<SessionEvent> StartAndReadAsync(
        StartSession command, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var id = command.SessionId ?? NewSessionId();

        // The reader is attached before the command goes out, because the first events may arrive before the answer.
        var subscription = _subscriptions.BeginStart(_connection, id);
        var reader = _subscriptions.Attach(_connection, id, afterSeq: 0);
        await StartAsync(CommandTable.StartSession, command with { SessionId = id }, isOwn: command.SessionId is null, subscription, reader, cancellationToken).ConfigureAwait(false);
        await foreach (var sessionEvent in reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return sessionEvent;
    }

    /// <summary>Reads every event of a session after a seq, exactly once and in order, to the session's end.</summary>
    /// <remarks>
    /// <para>Completes after <c>execution:completed</c>. A lost connection, a restart of the gateway and a slow consumer
    /// only delay it: it goes on after the last event it has. Leaving the loop leaves the session running.</para>
    /// <para>Each enumeration is a reader of its own; any number may read the same session at different positions.</para>
    /// </remarks>
    /// <param name="sessionId">The session.</param>
    /// <param name="afterSeq">The last event you have; 0: read from the first.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="GatewayClientException">
    /// <c>unknown_session</c> or <c>seq_out_of_range</c> before the first event; <see cref="ClientErrorCode.EventsMissing"/>;
    /// <see cref="ClientErrorCode.ConnectionFailed"/> when the retry policy gave up.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The client was disposed meanwhile.</exception>
    public IAsyncEnumerable<SessionEvent> ReadEventsAsync(
        string sessionId, long afterSeq = 0, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        ArgumentOutOfRangeException.ThrowIfNegative(afterSeq);
        return ReadCoreAsync(sessionId, afterSeq, cancellationToken);
    }

    /// <summary>Pauses a session; no token appears until it is resumed.</summary>
    /// <exception cref="GatewayClientException">The gateway refused, or its answer was lost.</exception>
    public Task<SessionAck> PauseAsync(string sessionId, CancellationToken cancellationToken = default) =>
        SendAsync(CommandTable.PauseSession, new PauseSession { SessionId = Checked(sessionId) }, repeatable: false, cancellationToken);

    /// <summary>Resumes a paused session with its very next token.</summary>
    /// <exception cref="GatewayClientException">The gateway refused, or its answer was lost.</exception>
    public Task<SessionAck> ResumeAsync(string sessionId, CancellationToken cancellationToken = default) =>
        SendAsync(CommandTable.ResumeSession, new ResumeSession { SessionId = Checked(sessionId) }, repeatable: false, cancellationToken);

    /// <summary>Ends a session as cancelled; a finished one stays as it is.</summary>
    /// <exception cref="GatewayClientException">The gateway refused.</exception>
    public Task<SessionAck> CancelAsync(string sessionId, CancellationToken cancellationToken = default) =>
        SendAsync(CommandTable.CancelSession, new CancelSession { SessionId = Checked(sessionId) }, repeatable: true, cancellationToken);

    /// <summary>Answers an open prompt, or says something to the whole session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="content">What is said; not empty.</param>
    /// <param name="promptId">The prompt it answers; null: the one that waits longest, if any.</param>
    /// <param name="nodeId">The node whose prompt it answers, instead of <paramref name="promptId"/>.</param>
    /// <param name="cancellationToken">Stops the waiting; the words may have been taken.</param>
    /// <exception cref="GatewayClientException">The gateway refused, or its answer was lost.</exception>
    public Task<SessionAck> UserInputAsync(
        string sessionId, string content, string? promptId = null, string? nodeId = null, CancellationToken cancellationToken = default) =>
        SendAsync(
            CommandTable.UserInput,
            new UserInput { SessionId = Checked(sessionId), Content = content, PromptId = promptId, NodeId = nodeId },
            repeatable: false,
            cancellationToken);

    /// <summary>Answers a prompt that has actions or a schema.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="promptId">The prompt.</param>
    /// <param name="action">The id of the action that is chosen; null where the prompt has none.</param>
    /// <param name="data">The answer as JSON, which fits the prompt's schema; null when there is none.</param>
    /// <param name="content">Words about it, or in its place; null when there are none.</param>
    /// <param name="cancellationToken">Stops the waiting; the answer may have been taken.</param>
    /// <exception cref="GatewayClientException">The gateway refused, such as with <c>prompt_answered</c> when another answer came first, or its answer was lost.</exception>
    public Task<SessionAck> AnswerAsync(
        string sessionId, string promptId, string? action, JsonElement? data = null, string? content = null, CancellationToken cancellationToken = default) =>
        SendAsync(
            CommandTable.UserInput,
            new UserInput { SessionId = Checked(sessionId), PromptId = promptId, Action = action, Data = data, Content = content },
            repeatable: false,
            cancellationToken);

    /// <summary>Says something to the whole session, whatever prompt is open.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="content">What is said; not empty.</param>
    /// <param name="cancellationToken">Stops the waiting; the words may have been taken.</param>
    /// <exception cref="GatewayClientException">The gateway refused, or its answer was lost.</exception>
    public Task<SessionAck> RemarkAsync(string sessionId, string content, CancellationToken cancellationToken = default) =>
        SendAsync(
            CommandTable.UserInput,
            new UserInput { SessionId = Checked(sessionId), Content = content, Remark = true },
            repeatable: false,
            cancellationToken);

    /// <summary>Answers a prompt of the inbox.</summary>
    /// <param name="waiting">The prompt, as <see cref="PromptsAsync"/> or <see cref="WatchInboxAsync"/> has it.</param>
    /// <param name="content">Words as the answer, or about it; null when there are none.</param>
    /// <param name="action">The id of the action that is chosen; null where the prompt has none.</param>
    /// <param name="data">The answer as JSON, which fits the prompt's schema; null when there is none.</param>
    /// <param name="cancellationToken">Stops the waiting; the answer may have been taken.</param>
    /// <exception cref="GatewayClientException">The gateway refused, such as with <c>prompt_answered</c> when another answer came first, or its answer was lost.</exception>
    public Task<SessionAck> AnswerAsync(
        InboxPrompt waiting, string? content = null, string? action = null, JsonElement? data = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        return AnswerAsync(waiting.SessionId, waiting.PromptId, action, data, content, cancellationToken);
    }

    /// <summary>Lists what waits for a person over all sessions, what waits longest first.</summary>
    /// <remarks>
    /// Asks over HTTP, a page at a time, with the settings of <see cref="GatewayClientOptions.ConfigureConnection"/>; it needs no connection.
    /// It shows what waited when the first page was read. To go on from there, use <see cref="WatchInboxAsync"/>.
    /// </remarks>
    /// <param name="filter">Which prompts; null: all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="GatewayClientException">The gateway refused, or cannot be reached.</exception>
    public async IAsyncEnumerable<InboxPrompt> PromptsAsync(PromptFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = PromptQuery(filter ?? new PromptFilter());
        for (string? cursor = null; ;)
        {
            var page = await _http.GetAsync(cursor is null ? query : $"{query}&cursor={Uri.EscapeDataString(cursor)}", ContractsJson.Wire.PromptPage, cancellationToken).ConfigureAwait(false);
            foreach (var waiting in page.Prompts) yield return waiting;
            if (page.NextCursor is null) yield break;
            cursor = page.NextCursor;
        }
    }

    /// <summary>Reads what waits for a person over all sessions, and then each change of that, until it is cancelled.</summary>
    /// <remarks>
    /// <para>First comes <c>inbox:reset</c> (forget what you know) and a <c>prompt:opened</c> for all that waits, then each change as it is
    /// committed; see <see cref="InboxEvents"/>. A lost connection and a restart of the gateway only delay it: it goes on behind the last
    /// change it has, and tells of each prompt what it is now. Who was away for very long is told to begin anew with another reset.</para>
    /// <para>Keep the last <see cref="InboxFrame.Position"/> that you have handled, and a new process goes on from there.</para>
    /// </remarks>
    /// <param name="watch">Which prompts, and from where on; null: all.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="GatewayClientException">
    /// The gateway refused, such as a position that is none (<c>invalid_data</c>) or a store that keeps no inbox (<c>storage_unavailable</c>);
    /// <see cref="ClientErrorCode.ConnectionFailed"/> when the retry policy gave up.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The client was disposed meanwhile.</exception>
    public IAsyncEnumerable<InboxFrame> WatchInboxAsync(WatchInbox? watch = null, CancellationToken cancellationToken = default) =>
        _inbox.ReadAsync(watch ?? new WatchInbox(), cancellationToken);

    /// <summary>Asks the gateway for a sign of life and returns how long it took.</summary>
    public async Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        var sent = _options.TimeProvider.GetTimestamp();
        await _connection.InvokeAsync(CommandTable.Ping, null, repeatable: true, sending: null, cancellationToken)
            .ConfigureAwait(false);
        return _options.TimeProvider.GetElapsedTime(sent);
    }

    /// <summary>Closes the connection; readers and commands that wait fail with <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        // This is read before anything is awaited: a state handler that disposes the client must not wait for its own end.
        var insideHandler = _notifier.IsInsideHandler;
        await _disposal.Value.ConfigureAwait(false);
        if (!insideHandler) await _notifier.Completion.ConfigureAwait(false);
    }

    /// <summary>The folded state of a session, over HTTP.</summary>
    /// <exception cref="GatewayClientException">The gateway refused, or cannot be reached.</exception>
    internal Task<SessionSnapshot> SnapshotAsync(string sessionId, CancellationToken cancellationToken) =>
        _http.GetAsync($"sessions/{Uri.EscapeDataString(sessionId)}", ContractsJson.Wire.SessionSnapshot, cancellationToken);

    private static StartSession Command(string workflowId, string input, string? sessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowId);
        ArgumentNullException.ThrowIfNull(input);
        return new StartSession { WorkflowId = workflowId, Subject = input, SessionId = sessionId };
    }

    private static string PromptQuery(PromptFilter filter)
    {
        if (filter.PageSize is < 1 or > 500) throw new ArgumentOutOfRangeException(nameof(filter), filter.PageSize, $"{nameof(PromptFilter.PageSize)} is 1 to 500.");
        var parameters = new (string Name, string? Value)[]
        {
            ("assignee", filter.Assignee),
            ("workflow_id", filter.WorkflowId),
            ("older_than", filter.OlderThan is { } age ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.#######}s") : null),
            ("limit", filter.PageSize?.ToString(CultureInfo.InvariantCulture)),
        };
        return "prompts?" + string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
    }

    private static string NewSessionId() => "s-" + Guid.NewGuid().ToString("N");

    private static string Checked(string sessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        return sessionId;
    }

    private async Task<SessionHandle> StartAsync(CommandInfo command, object data, string id, bool isOwn, CancellationToken cancellationToken)
    {
        var subscription = _subscriptions.BeginStart(_connection, id);
        var ack = await StartAsync(command, data, isOwn, subscription, reader: null, cancellationToken).ConfigureAwait(false);
        return new SessionHandle(this, id, ack.Seq);
    }

    private async Task<SessionAck> StartAsync(
        CommandInfo command, object data, bool isOwn, SessionSubscription subscription, EventReader? reader, CancellationToken cancellationToken)
    {
        // A start that is repeated, or that names an id which somebody else may have chosen, can meet a session that exists already.
        var sent = 0;
        var fresh = false;
        try
        {
            var ack = await _connection.InvokeAsync(command, data, repeatable: true, Sending, cancellationToken).ConfigureAwait(false);
            fresh = isOwn && sent == 1;
            return ack!;
        }
        catch
        {
            if (reader is not null) subscription.Detach(reader);
            throw;
        }
        finally
        {
            subscription.EndStart(fresh);
        }

        void Sending(ConnectionLease lease)
        {
            sent++;
            subscription.StartSending(lease);
        }
    }

    private async IAsyncEnumerable<SessionEvent> ReadCoreAsync(
        string sessionId, long afterSeq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Called here so that a client that was never connected fails at once.
        await _connection.WaitConnectedAsync(cancellationToken).ConfigureAwait(false);
        var reader = _subscriptions.Attach(_connection, sessionId, afterSeq);
        await foreach (var sessionEvent in reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return sessionEvent;
    }

    private async Task<SessionAck> SendAsync(CommandInfo command, object data, bool repeatable, CancellationToken cancellationToken) =>
        (await _connection.InvokeAsync(command, data, repeatable, sending: null, cancellationToken).ConfigureAwait(false))!;

    private async Task DisposeCoreAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _subscriptions.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
        _notifier.Complete();
    }

    private sealed class Observer(SubscriptionTable subscriptions, StateNotifier notifier) : IConnectionObserver
    {
        public void OnEvent(ConnectionLease lease, SessionEvent sessionEvent) => subscriptions.OnEvent(lease, sessionEvent);

        public void OnConnected() => subscriptions.OnConnected();

        public void OnClosed(Exception failure) => subscriptions.FailAll(failure);

        public void OnStateChanged(GatewayConnectionState state, Exception? reason) =>
            notifier.Post(new ConnectionStateChangedEventArgs(state, reason));
    }
}

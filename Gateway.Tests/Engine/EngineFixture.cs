using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Models;
using Gateway.Refusals;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>A host over a log in memory, with a model a name, whose words the test releases.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    private readonly TestLog _logger = new();
    private readonly LoggerFactory _loggers;
    private SessionWaker? _waker;

    public EngineFixture(FaultyLog? log = null, GatedModels? models = null, SessionsOptions? options = null, GatedTools? tools = null, IModelCatalog? catalog = null, FakeTimeProvider? time = null)
    {
        Log = log ?? new FaultyLog();
        Models = models ?? new() { IdleTimeout = TimeSpan.FromMinutes(1) };
        Tools = tools ?? new();
        Time = time ?? Time;
        _loggers = new LoggerFactory([_logger]);
        Host = new LocalSessionHost(Log, Published, catalog ?? Models, TestKinds.All, Options.Create(options ?? new SessionsOptions()), Time, _loggers, Tools);
    }

    public FaultyLog Log { get; }

    public GatedModels Models { get; }

    public GatedTools Tools { get; }

    public RecordingPublisher Published { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public LocalSessionHost Host { get; }

    public IEnumerable<string> LogTexts => _logger.Entries.Select(e => e.Text);

    /// <summary>Brings sessions back that have left the memory, once it is started.</summary>
    public SessionWaker Waker => _waker ??= new SessionWaker(Host, Options.Create(new StorageOptions()), Time);

    public GatedModel this[string model] => Models[model];

    public static SessionHeader Header(WorkflowDefinition workflow, string id = "s", string fingerprint = "f") => new()
    {
        SessionId = id,
        WorkflowId = workflow.Id!,
        Workflow = workflow,
        Input = "Tea or coffee?",
        Fingerprint = fingerprint,
        CreatedAt = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
    };

    /// <summary>This test causes the error log with this number.</summary>
    public void Announce(int eventId) => _logger.Announce(eventId);

    public Task Start(WorkflowDefinition workflow, string id = "s") => Wait.For(Host.StartAsync(Header(workflow, id), CancellationToken.None), "the start");

    /// <summary>A start with an input; another input is another start.</summary>
    public Task Start(WorkflowDefinition workflow, string input, string id) =>
        Wait.For(Host.StartAsync(Header(workflow, id) with { Input = input }, CancellationToken.None), "the start");

    public Task Pause(string id = "s") => Wait.For(Host.SendAsync(id, new PauseSession(), by: null, CancellationToken.None), "the pause");

    public Task Resume(string id = "s") => Wait.For(Host.SendAsync(id, new ResumeSession(), by: null, CancellationToken.None), "the resume");

    public Task Cancel(string id = "s") => Wait.For(Host.SendAsync(id, new CancelSession(), by: null, CancellationToken.None), "the cancel");

    public Task Say(string content, string? promptId = null, string? nodeId = null, string id = "s") =>
        Wait.For(Host.SendAsync(id, new UserInput { Content = content, PromptId = promptId, NodeId = nodeId }, by: null, CancellationToken.None), "the user's input");

    public Task Remark(string content, string id = "s") => Wait.For(Host.SendAsync(id, new UserInput { Content = content, Remark = true }, by: null, CancellationToken.None), "the remark");

    public Task<SessionSnapshot> Snapshot(string id = "s") => Wait.For(Host.GetSnapshotAsync(id, CancellationToken.None), "the snapshot");

    public static async Task<string> Refusal(Func<Task> command) => (await Assert.ThrowsAsync<GatewayException>(command)).Code;

    public Task<SessionEvent> Chunk(string text, string id = "s") =>
        Published.Seen(e => e.SessionId == id && e is SessionEvent<TokenStream> { Data: var data } && data.Chunk == text, $"the chunk '{text}'");

    public Task<SessionEvent> Status(string nodeId, string status, string id = "s") =>
        Published.Seen(e => e.SessionId == id && e is SessionEvent<NodeStateChange> { Data: var data } && data.NodeId == nodeId && data.Status == status, $"{nodeId} {status}");

    public async Task<ExecutionCompleted> End(string id = "s") =>
        ((SessionEvent<ExecutionCompleted>)await Published.Seen(e => e.SessionId == id && e is SessionEvent<ExecutionCompleted>, $"the end of {id}")).Data;

    /// <summary>The session's events in short, such as <c>a running</c> or <c>a: text</c>.</summary>
    public IReadOnlyList<string> Story(string id = "s") => [.. Published.Of(id).Select(Short)];

    public async ValueTask DisposeAsync()
    {
        if (_waker is not null)
        {
            await _waker.StoppingAsync(CancellationToken.None);
            _waker.Dispose();
        }

        await Host.DisposeAsync();
        _loggers.Dispose();
        _logger.Check();
        await AssertPublishedIsLogged();
    }

    // What anybody saw is in the log, whole and in order.
    private async Task AssertPublishedIsLogged()
    {
        foreach (var id in (await Log.ListAsync(new SessionQuery(null, null, 1000), CancellationToken.None)).Sessions.Select(s => s.SessionId))
        {
            var logged = (await Log.Inner.ReadAsync(id, 0, 100_000, CancellationToken.None)).Select(l => l.Event).ToList();
            var published = Published.Of(id);
            var first = published.Count == 0 ? 0 : (int)published[0].Seq - 1;
            Assert.Equal(logged.Skip(first).Take(published.Count).Select(e => (e.Seq, e.Timestamp, Short(e))), published.Select(e => (e.Seq, e.Timestamp, Short(e))));
        }
    }

    private static string Short(SessionEvent sessionEvent) => sessionEvent switch
    {
        SessionEvent<TokenStream> { Data: { Tool: { } call } d } => $"{d.NodeId} {call.Name} {call.Status}{(d.AgentId == TokenStream.UserAgentId ? " by a user" : string.Empty)}{(call.Result is { } result ? $": {result}" : string.Empty)}",
        SessionEvent<TokenStream> { Data: var d } => $"{d.NodeId ?? d.AgentId}{(d.IsThinking ? " thinks" : string.Empty)}: {d.Chunk}",
        SessionEvent<NodeStateChange> { Data: var d } => $"{d.NodeId} {d.Status}{(d.Attempt is { } attempt ? $" {attempt}" : string.Empty)}",
        SessionEvent<ParallelStart> { Data: var d } => $"{d.NodeId} forks {string.Join(" ", d.Branches)}",
        SessionEvent<TokenUsage> { Data: var d } => $"{d.NodeId} usage",
        SessionEvent<ExecutionPaused> { Data: var d } => $"paused {d.Reason}{(d.HeldInput is { } held ? $" holds {held.Content}" : string.Empty)}",
        SessionEvent<ExecutionCompleted> { Data: var d } => $"session {d.Status}",
        SessionEvent<ExecutionError> { Data: var d } => $"error {d.NodeId} {d.Code}",
        _ => sessionEvent.Event,
    };
}

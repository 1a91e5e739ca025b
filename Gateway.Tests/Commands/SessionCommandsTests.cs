using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Refusals;
using Gateway.Tests.Doors.Http;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Commands;

/// <summary>The room without a door: what anybody may ask of sessions.</summary>
public sealed class SessionCommandsTests
{
    private readonly MemorySessionLog _log = new();
    private readonly FakeSessionHost _host;
    private readonly Readers _readers = new();
    private readonly DeletedSessions _deleted = new();
    private readonly SessionCommands _room;

    public SessionCommandsTests()
    {
        _host = new FakeSessionHost(_log);
        _room = new SessionCommands(_host, _log, [_readers, _deleted], _deleted, new StartResolver(new FakeWorkflowCatalog(), new GatedModels(), new InlineWorkflow(TestKinds.Validator)), TimeProvider.System);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_finished_session_is_deleted_and_its_readers_are_told()
    {
        await _log.AddAsync("mine", 3, SessionStatus.Completed);

        await _room.DeleteAsync(Caller.Anonymous, "mine", Token);

        Assert.Null(await _log.FindAsync("mine", Token));
        Assert.Equal(["mine"], _readers.Told);
        Assert.Equal(ErrorCode.UnknownSession, await RefusalAsync(() => _room.DeleteAsync(Caller.Anonymous, "mine", Token)));
    }

    [Fact]
    public async Task The_id_of_a_deleted_session_is_not_given_out_again()
    {
        await _log.AddAsync("mine", 3, SessionStatus.Completed);
        await _room.DeleteAsync(Caller.Anonymous, "mine", Token);

        Assert.Equal(ErrorCode.SessionExists, await RefusalAsync(() => _room.StartAsync(Caller.Anonymous, new StartSession { WorkflowId = "any", Subject = "x", SessionId = "mine" }, Token)));
    }

    [Fact]
    public void Only_the_last_deleted_ids_are_known()
    {
        _deleted.OnDeleted([.. Enumerable.Range(0, DeletedSessions.Most + 10).Select(n => $"s{n}")]);

        Assert.Equal((false, true, true), (_deleted.Has("s9"), _deleted.Has("s10"), _deleted.Has($"s{DeletedSessions.Most + 9}")));
    }

    [Fact]
    public async Task A_running_session_is_not_deleted()
    {
        await _log.AddAsync("mine", 3);

        Assert.Equal(ErrorCode.SessionRunning, await RefusalAsync(() => _room.DeleteAsync(Caller.Anonymous, "mine", Token)));
        Assert.Equal(ErrorCode.InvalidSessionId, await RefusalAsync(() => _room.DeleteAsync(Caller.Anonymous, "../mine", Token)));

        Assert.NotNull(await _log.FindAsync("mine", Token));
        Assert.Empty(_readers.Told);
    }

    [Fact]
    public async Task Sessions_are_listed_a_page_at_a_time()
    {
        foreach (var id in new[] { "a", "b", "c" }) await _log.AddAsync(id, 1);

        var first = await _room.ListAsync(Caller.Anonymous, new SessionQuery(null, null, 2), Token);
        var second = await _room.ListAsync(Caller.Anonymous, new SessionQuery(null, first.NextCursor, 2), Token);

        Assert.Equal(["c", "b"], first.Sessions.Select(session => session.SessionId));
        Assert.Equal(["a"], second.Sessions.Select(session => session.SessionId));
        Assert.Equal(ErrorCode.InvalidData, await RefusalAsync(() => _room.ListAsync(Caller.Anonymous, new SessionQuery(null, "nonsense", 2), Token)));
    }

    [Fact]
    public async Task Events_are_read_after_a_seq_that_the_session_has()
    {
        await _log.AddAsync("mine", 5);

        var (session, events) = await _room.ReadEventsAsync(Caller.Anonymous, "mine", 3, 10, Token);

        Assert.Equal(5, session.LastSeq);
        Assert.Equal([4, 5], events.Select(e => e.Seq));
        Assert.Equal(ErrorCode.SeqOutOfRange, await RefusalAsync(() => _room.ReadEventsAsync(Caller.Anonymous, "mine", 6, 10, Token)));
        Assert.Equal(ErrorCode.SeqOutOfRange, await RefusalAsync(() => _room.ReadEventsAsync(Caller.Anonymous, "mine", -1, 10, Token)));
        Assert.Equal(ErrorCode.UnknownSession, await RefusalAsync(() => _room.ReadEventsAsync(Caller.Anonymous, "other", 0, 10, Token)));
    }

    [Fact]
    public async Task A_command_reaches_the_host_in_the_shape_it_came_in()
    {
        await _room.SteerAsync(Caller.Anonymous, "mine", new UserInput { Content = "fine", PromptId = "p" }, Token);
        await _room.SteerAsync(Caller.Anonymous, "mine", new CancelSession(), Token);

        Assert.Equal(["input mine fine p", "cancel mine"], _host.Calls);
        Assert.Equal(ErrorCode.InvalidData, await RefusalAsync(() => _room.SteerAsync(Caller.Anonymous, "mine", new UserInput { Content = "" }, Token)));
    }

    private static async Task<string> RefusalAsync(Func<Task> command) => (await Assert.ThrowsAsync<GatewayException>(command)).Code;

    private sealed class Readers : IDeletionListener
    {
        public List<string> Told { get; } = [];

        public void OnDeleted(IReadOnlyCollection<string> sessionIds) => Told.AddRange(sessionIds);
    }
}

using System.Text;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;

namespace Gateway.Tests.Crash;

/// <summary>What a gateway left in its file, read from a copy: the next life finds the original as it was left.</summary>
internal sealed class LogCopy : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteSessionLog _log;

    public LogCopy(string folder)
    {
        foreach (var name in new[] { "gateway.db", "gateway.db-wal" })
        {
            var file = Path.Combine(folder, name);
            if (File.Exists(file)) File.Copy(file, _folder.At(name));
        }

        _log = SqliteLogs.Open(_folder.At("gateway.db"));
    }

    /// <summary>The session's events; none when it has none.</summary>
    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId) => _log.ReadAsync(sessionId, 0, int.MaxValue, CancellationToken.None);

    /// <summary>What the session was started with.</summary>
    public async Task<SessionHeader> HeaderAsync(string sessionId) =>
        (await _log.FindAsync(sessionId, CancellationToken.None) ?? throw new InvalidOperationException($"There is no session '{sessionId}'.")).Header;

    /// <summary>The fold of the session's log.</summary>
    public async Task<SessionState> FoldAsync(string sessionId) => await LogFold.LoadAsync(_log, await HeaderAsync(sessionId), TestKinds.All, CancellationToken.None);

    /// <summary>The frames of <paramref name="events"/>, as they go out on /ws.</summary>
    public static IReadOnlyList<string> Frames(IReadOnlyList<LoggedEvent> events) => [.. events.Select(logged => Encoding.UTF8.GetString(logged.Json))];

    /// <summary>The agents among the nodes that have completed or failed.</summary>
    public static IReadOnlySet<string> FinishedNodes(IReadOnlyList<LoggedEvent> events) => events
        .Select(logged => logged.Event)
        .OfType<SessionEvent<NodeStateChange>>()
        .Where(change => change.Data.Status is NodeStatus.Completed or NodeStatus.Failed)
        .Select(change => change.Data.NodeId)
        .ToHashSet();

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }
}

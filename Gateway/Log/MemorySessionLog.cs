using System.Globalization;
using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>Keeps all logs in memory: fast, and gone with the process.</summary>
public sealed class MemorySessionLog : ISessionLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Stored> _sessions = [];
    private readonly List<Stored> _byAge = [];
    private long _created;

    /// <inheritdoc/>
    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(header.SessionId, out var existing)) return Task.FromResult<SessionHeader?>(existing.Header);

            var stored = new Stored(header, ++_created);
            _sessions.Add(header.SessionId, stored);
            _byAge.Add(stored);
            return Task.FromResult<SessionHeader?>(null);
        }
    }

    /// <inheritdoc/>
    public Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<SessionEvent> events, string status, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(sessionId, out var stored)) throw new StorageException($"There is no log of session '{sessionId}'.");
            if (stored.Events.Count != lastSeq) throw new LogConflictException(sessionId, lastSeq, stored.Events.Count);

            foreach (var sessionEvent in events) stored.Events.Add(new LoggedEvent(sessionEvent));
            stored.Status = status;
            stored.UpdatedAt = events[^1].Timestamp;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(sessionId, out var stored) || afterSeq >= stored.Events.Count) return Task.FromResult<IReadOnlyList<LoggedEvent>>([]);
            return Task.FromResult<IReadOnlyList<LoggedEvent>>(stored.Events.GetRange((int)afterSeq, (int)Math.Min(limit, stored.Events.Count - afterSeq)));
        }
    }

    /// <inheritdoc/>
    public Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_sessions.TryGetValue(sessionId, out var stored) ? stored.ToEntry() : null);
    }

    /// <inheritdoc/>
    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        var before = query.Cursor is null ? long.MaxValue : long.Parse(query.Cursor, CultureInfo.InvariantCulture);
        lock (_gate)
        {
            var found = _byAge.AsEnumerable().Reverse()
                .Where(s => s.Number < before && (query.Status is null || s.Status == query.Status))
                .Take(query.Limit + 1).ToList();
            var page = found.Take(query.Limit).ToList();
            return Task.FromResult(new SessionPage
            {
                Sessions = [.. page.Select(s => s.ToSummary())],
                NextCursor = found.Count > query.Limit ? page[^1].Number.ToString(CultureInfo.InvariantCulture) : null,
            });
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<string>>([.. _byAge.Where(s => !SessionStatus.IsFinal(s.Status)).Select(s => s.Header.SessionId)]);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_sessions.Remove(sessionId, out var stored)) return Task.FromResult(false);
            _byAge.Remove(stored);
            return Task.FromResult(true);
        }
    }

    private sealed class Stored(SessionHeader header, long number)
    {
        public SessionHeader Header { get; } = header;

        public long Number { get; } = number;

        public List<LoggedEvent> Events { get; } = [];

        public string Status { get; set; } = SessionStatus.Running;

        public DateTime UpdatedAt { get; set; } = header.CreatedAt;

        public SessionEntry ToEntry() => new(Header, Status, Events.Count, UpdatedAt);

        public SessionSummary ToSummary() => new()
        {
            SessionId = Header.SessionId,
            WorkflowId = Header.WorkflowId,
            Status = Status,
            LastSeq = Events.Count,
            CreatedAt = Header.CreatedAt,
            UpdatedAt = UpdatedAt,
        };
    }
}

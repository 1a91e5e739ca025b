using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Webhooks;

/// <summary>Makes messages of events: ids and no contents, the same bytes whenever it is asked.</summary>
/// <param name="endpoint">For whom.</param>
/// <param name="log">Read again for what a session has asked before.</param>
internal sealed class WebhookProjection(string endpoint, ISessionLog log)
{
    private const int MostKept = 1000;
    private static readonly ReadLimit Page = new(1000, 1024 * 1024);

    // By session and the time of its beginning: an id may be used again.
    private readonly ConcurrentDictionary<(string SessionId, DateTime CreatedAt), OpenPrompts> _kept = new();

    /// <summary>Whether an event may be one that endpoints are told of.</summary>
    public static bool Concerns(SessionEvent told) => told is
        SessionEvent<ExecutionCompleted> or SessionEvent<ExecutionPaused> { Data.Prompt: not null } or SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Suspended, Prompt: not null } } or SessionEvent<ExecutionError> { Data: { Code: ErrorCode.PromptExpired, NodeId: not null } };

    /// <summary>The message of an event; null when endpoints are told nothing of it.</summary>
    /// <exception cref="DamagedLogException">What the session asked before cannot be read.</exception>
    public async Task<WebhookMessage?> FindAsync(SessionEntry session, LoggedEvent logged, CancellationToken cancellationToken)
    {
        if (logged.IsOf(TokenStream.EventName) || !Concerns(logged.Event)) return null;
        switch (logged.Event)
        {
            case SessionEvent<ExecutionCompleted> { Data.Status: SessionStatus.Completed } e:
                return Message(session, e, WebhookTypes.SessionCompleted);
            case SessionEvent<ExecutionCompleted> { Data.Status: SessionStatus.Failed } e:
                return Message(session, e, WebhookTypes.SessionFailed);
            case SessionEvent<ExecutionCompleted>:
                return null;
        }

        // What a fork shares has been told of the session that it comes from.
        var shared = session.Header.ForkedFrom?.Seq ?? 0;
        if (logged.Seq <= shared) return null;
        var prompts = await ReadAsync(session, logged.Seq, shared, cancellationToken);
        return logged.Event switch
        {
            SessionEvent<NodeStateChange> { Data.Prompt: { } asked } e when prompts.IsOpenedBy(asked.PromptId, e.Seq) => Message(session, e, WebhookTypes.PromptOpened, asked.PromptId),
            SessionEvent<ExecutionPaused> { Data.Prompt: { } asked } e when prompts.IsOpenedBy(asked.PromptId, e.Seq) => Message(session, e, WebhookTypes.PromptOpened, asked.PromptId),
            SessionEvent<ExecutionError> { Data.NodeId: { } node } e when prompts.LastOf(node) is { } late => Message(session, e, WebhookTypes.PromptExpired, late),
            _ => null,
        };
    }

    /// <summary>A session is done with, or gone.</summary>
    public void Forget(string sessionId)
    {
        foreach (var kept in _kept.Keys.Where(kept => kept.SessionId == sessionId)) _kept.TryRemove(kept, out _);
    }

    // Of one session one event is asked for at a time, so a fold has one user.
    private async Task<OpenPrompts> ReadAsync(SessionEntry session, long upTo, long shared, CancellationToken cancellationToken)
    {
        var key = (session.SessionId, session.CreatedAt);
        var prompts = _kept.TryGetValue(key, out var kept) && kept.Seq <= upTo ? kept : new OpenPrompts();
        try
        {
            while (prompts.Seq < upTo && await log.ReadAsync(session.SessionId, prompts.Seq, Page, cancellationToken) is { Count: > 0 } page)
            {
                foreach (var logged in page)
                {
                    if (logged.Seq > upTo) break;
                    prompts.Apply(logged, shared);
                }

                if (page[^1].Seq > upTo) break;
            }
        }
        catch
        {
            _kept.TryRemove(key, out _);
            throw;
        }

        if (_kept.Count >= MostKept) _kept.Clear();
        return _kept[key] = prompts;
    }

    private WebhookMessage Message(SessionEntry session, SessionEvent told, string type, string? promptId = null)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("timestamp", told.Timestamp.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
            json.WriteStartObject("data");
            json.WriteString("session_id", session.SessionId);
            json.WriteString("workflow_id", session.WorkflowId);
            json.WriteNumber("seq", told.Seq);
            if (told.NodeId is { } node) json.WriteString("node_id", node);
            if (promptId is not null) json.WriteString("prompt_id", promptId);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new WebhookMessage(WebhookMessage.NameOf(endpoint, session, told.Seq), type, session.SessionId, told.Seq, body.WrittenMemory);
    }
}

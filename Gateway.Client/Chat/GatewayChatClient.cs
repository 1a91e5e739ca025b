using System.Runtime.CompilerServices;
using Gateway.Contracts;
using Microsoft.Extensions.AI;

namespace Gateway.Client.Chat;

/// <inheritdoc cref="GatewayChat.AsChatClient"/>
internal sealed class GatewayChatClient(GatewayClient client, string workflowId) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("gateway", client.Address, workflowId);

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var position = await BeginAsync(messages, options, cancellationToken).ConfigureAwait(false);
        if (options?.AllowBackgroundResponses == true && !await RestsAsync(position.SessionId, cancellationToken).ConfigureAwait(false))
        {
            return new ChatResponse { ResponseId = position.SessionId, ModelId = ModelOf(options), ContinuationToken = position.ToToken() };
        }

        var answer = new ChatAnswer(position.SessionId, ModelOf(options));
        await foreach (var update in ReadAsync(position, ModelOf(options), cancellationToken).ConfigureAwait(false)) answer.Add(update);
        return answer.Build();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var position = await BeginAsync(messages, options, cancellationToken).ConfigureAwait(false);
        await foreach (var update in ReadAsync(position, ModelOf(options), cancellationToken).ConfigureAwait(false)) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(ChatClientMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : serviceType.IsInstanceOfType(client) ? client : null;
    }

    public void Dispose()
    {
        // The client belongs to who has made it.
    }

    private string ModelOf(ChatOptions? options) => options?.ModelId ?? workflowId;

    // Starts a session, or says to one what the request says; returns from where on its events answer the request.
    private async Task<ChatPosition> BeginAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        if (options?.ContinuationToken is { } token) return ChatPosition.Parse(token);
        var request = ChatRequest.Read(messages, options?.ConversationId);
        if (request.SessionId is not { } sessionId) return await StartAsync(request.Text, options, cancellationToken).ConfigureAwait(false);
        if (request.Answers.Count > 0) return await AnswerAsync(sessionId, request, cancellationToken).ConfigureAwait(false);

        var known = request.Open?.Seq ?? (await client.SnapshotAsync(sessionId, cancellationToken).ConfigureAwait(false)).LastSeq;
        await client.UserInputAsync(sessionId, request.Text, request.Open?.PromptId, nodeId: null, cancellationToken).ConfigureAwait(false);
        return new ChatPosition(sessionId, known);
    }

    private async Task<ChatPosition> StartAsync(string text, ChatOptions? options, CancellationToken cancellationToken)
    {
        var start = options?.RawRepresentationFactory?.Invoke(this) as StartSession ?? new StartSession();
        if (start is { WorkflowId: null, TemplateId: null, Workflow: null }) start = start with { WorkflowId = ModelOf(options) };
        if (start is { Input: null, Subject: null }) start = start with { Subject = text };
        using var session = await client.StartAsync(start, cancellationToken).ConfigureAwait(false);
        return new ChatPosition(session.Id, 0);
    }

    private async Task<ChatPosition> AnswerAsync(string sessionId, ChatRequest request, CancellationToken cancellationToken)
    {
        var known = request.Answers.Max(answer => answer.Question.Seq);
        var asked = new ChatProjection(sessionId, workflowId);
        await FoldAsync(asked, new ChatPosition(sessionId, known), cancellationToken).ConfigureAwait(false);

        // What is said beside the answers is heard by whoever goes on because of them.
        if (request.Text.Length > 0) await client.RemarkAsync(sessionId, request.Text, cancellationToken).ConfigureAwait(false);
        foreach (var (question, answer) in request.Answers)
        {
            var prompt = asked.Open.Select(open => open.Prompt).FirstOrDefault(prompt => prompt.PromptId == question.PromptId);
            var input = question.ToInput(answer, prompt);
            await client.AnswerAsync(sessionId, question.PromptId, input.Action, input.Data, input.Content, cancellationToken).ConfigureAwait(false);
        }

        return new ChatPosition(sessionId, known);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(ChatPosition from, string modelId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var told = new ChatProjection(from.SessionId, modelId);
        await FoldAsync(told, from, cancellationToken).ConfigureAwait(false);
        if (!told.IsOver)
        {
            await foreach (var sessionEvent in client.ReadEventsAsync(from.SessionId, from.Seq, cancellationToken).ConfigureAwait(false))
            {
                if (told.Apply(sessionEvent) is { } update) yield return update;
                if (!told.Asks || sessionEvent is not SessionEvent<ExecutionPaused> || !await StandsAsync(from.SessionId, told, cancellationToken).ConfigureAwait(false)) continue;
                yield return told.Ask();
                yield break;
            }
        }

        yield return told.Finish();
    }

    // What a message is named, and what the output is compared with, follows from the events before.
    private async Task FoldAsync(ChatProjection told, ChatPosition upTo, CancellationToken cancellationToken)
    {
        if (upTo.Seq == 0) return;
        await foreach (var sessionEvent in client.ReadEventsAsync(upTo.SessionId, 0, cancellationToken).ConfigureAwait(false))
        {
            if (sessionEvent.Seq <= upTo.Seq) told.Apply(sessionEvent);
            else if (sessionEvent.MergedFrom <= upTo.Seq) told.Overlap(sessionEvent);
            if (sessionEvent.Seq >= upTo.Seq) return;
        }
    }

    // A question in the middle of the history has been answered, and the session went on.
    private async Task<bool> StandsAsync(string sessionId, ChatProjection told, CancellationToken cancellationToken)
    {
        var snapshot = await client.SnapshotAsync(sessionId, cancellationToken).ConfigureAwait(false);
        var open = snapshot.Nodes.Values.Select(node => node.Prompt).Append(snapshot.Prompt).OfType<Prompt>().Select(prompt => prompt.PromptId).ToHashSet(StringComparer.Ordinal);
        return IsAsking(snapshot) && told.Open.All(asked => open.Contains(asked.Prompt.PromptId));
    }

    private async Task<bool> RestsAsync(string sessionId, CancellationToken cancellationToken)
    {
        var snapshot = await client.SnapshotAsync(sessionId, cancellationToken).ConfigureAwait(false);
        return SessionStatus.IsFinal(snapshot.Status) || IsAsking(snapshot);
    }

    private static bool IsAsking(SessionSnapshot snapshot) => snapshot.PauseReason is PauseReason.AwaitingInput or PauseReason.BudgetExceeded;
}

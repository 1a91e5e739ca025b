using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>Speaks to the servers of a provider; the one place where their failures become sentences for users.</summary>
/// <remarks>An update without contents is a sign of life: a keep-alive of the server, or the wait before it is asked again.</remarks>
/// <param name="api">How they are asked, and what their answers mean.</param>
/// <param name="http">The connections, closed with the client.</param>
/// <param name="errors">Words the failures.</param>
/// <param name="time">The clock.</param>
/// <param name="idleTimeout">How long the engine lets a model be silent.</param>
internal sealed class ProviderChatClient(IProviderApi api, HttpClient http, ProviderErrors errors, TimeProvider time, TimeSpan idleTimeout) : IChatClient
{
    // A provider may ask for an hour; then its refusal is the better answer. It is heard only before the engine gives up.
    private readonly TimeSpan _longestWait = TimeSpan.FromTicks(Math.Min(TimeSpan.FromSeconds(10).Ticks, idleTimeout.Ticks / 2));

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ProviderRequest(http, api, api.Body(Spoken(messages), options), time, _longestWait, options is OneTryOptions { IsOnlyTry: true } ? 0 : ProviderRequest.MaxRetries);
        HttpResponseMessage? response = null;
        Stream? body = null;
        while (response is null || body is null)
        {
            try
            {
                response = await request.TryAsync(cancellationToken);
                if (response is not null) body = await response.Content.ReadAsStreamAsync(cancellationToken);
            }
            catch (Exception failure)
            {
                response?.Dispose();
                throw Told(failure, begun: false, cancellationToken);
            }

            if (response is not null) continue;
            yield return new ChatResponseUpdate();
            await request.WaitAsync(cancellationToken);
            yield return new ChatResponseUpdate();
        }

        using var connection = response;
        var answer = new Answer(api.ThinkTags);
        await using var reader = new AnswerReader(body, api, answer, time, cancellationToken);
        var hasBegun = false;
        bool more;
        do
        {
            Exception? failure = null;
            try
            {
                more = await reader.ReadAsync();
            }
            catch (Exception exception)
            {
                failure = Told(exception, answer.HasBegun, cancellationToken);
                more = false;
            }

            // What was written before a failure is shown, and paid for.
            if (!more) answer.Close();
            var contents = answer.Take();
            if (contents.Count == 0 && !hasBegun && answer.HasBegun) contents = [new AnswerBegun()];
            hasBegun |= answer.HasBegun;
            yield return new ChatResponseUpdate(ChatRole.Assistant, contents) { FinishReason = more ? null : answer.Finish };
            if (failure is not null) throw failure;
        }
        while (more);

        if (answer.Refusal is { } words) throw errors.Refused(words);

        // A page of HTML, or a connection that closed politely, is an answer without words.
        if (!answer.HasBegun && errors.Silent(answer.Finish) is { } silence) throw silence;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => http.Dispose();

    // However a request ends that was cancelled, it is a cancellation and nobody's error.
    private Exception Told(Exception failure, bool begun, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? new OperationCanceledException(cancellationToken) : errors.From(failure, begun);

    // Some providers refuse a message without a text, and some a question without a user's message.
    private ChatMessage[] Spoken(IEnumerable<ChatMessage> messages)
    {
        ChatMessage[] spoken = [.. messages.Where(message => !string.IsNullOrWhiteSpace(message.Text) || message.Contents.Any(content => content is FunctionCallContent or FunctionResultContent))];
        if (spoken.Length == 0) throw errors.Unasked();
        return Array.Exists(spoken, message => message.Role == ChatRole.User) ? spoken : [new ChatMessage(ChatRole.User, string.Join("\n\n", spoken.Select(message => message.Text)))];
    }
}

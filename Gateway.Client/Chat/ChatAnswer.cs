using Microsoft.Extensions.AI;

namespace Gateway.Client.Chat;

/// <summary>Puts the updates of a session into one response: a message each node, and none of tries that are void.</summary>
internal sealed class ChatAnswer
{
    private readonly List<ChatMessage> _messages = [];
    private readonly Dictionary<string, ChatMessage> _byId = new(StringComparer.Ordinal);
    private readonly ChatResponse _response;
    private UsageDetails? _usage;

    public ChatAnswer(string sessionId, string modelId) => _response = new ChatResponse(_messages) { ResponseId = sessionId, ModelId = modelId };

    /// <summary>Takes an update.</summary>
    public void Add(ChatResponseUpdate update)
    {
        if (update.AdditionalProperties?.TryGetValue(ChatProjection.Voids, out var voided) == true && voided is string id && _byId.Remove(id, out var gone)) _messages.Remove(gone);
        _response.ConversationId = update.ConversationId;
        _response.FinishReason = update.FinishReason ?? _response.FinishReason;
        _response.CreatedAt = update.CreatedAt ?? _response.CreatedAt;
        foreach (var content in update.Contents)
        {
            if (content is UsageContent usage) (_usage ??= new UsageDetails()).Add(usage.Details);
            else Add(Message(update), content);
        }
    }

    /// <summary>The response.</summary>
    public ChatResponse Build()
    {
        _response.Usage = _usage;
        return _response;
    }

    // Branches speak in turns: what belongs together is told by the message's id.
    private ChatMessage Message(ChatResponseUpdate update)
    {
        if (_byId.TryGetValue(update.MessageId!, out var known)) return known;
        var message = new ChatMessage(update.Role!.Value, new List<AIContent>())
        {
            MessageId = update.MessageId,
            AuthorName = update.AuthorName,
            CreatedAt = update.CreatedAt,
            AdditionalProperties = update.AdditionalProperties is { } properties ? new AdditionalPropertiesDictionary(properties) : null,
        };
        message.AdditionalProperties?.Remove(ChatProjection.Voids);
        _byId[update.MessageId!] = message;
        _messages.Add(message);
        return message;
    }

    private static void Add(ChatMessage message, AIContent content)
    {
        switch (content, message.Contents.LastOrDefault())
        {
            case (TextContent more, TextContent text):
                text.Text += more.Text;
                break;
            case (TextReasoningContent more, TextReasoningContent text):
                text.Text += more.Text;
                break;
            case (TextContent more, _):
                message.Contents.Add(new TextContent(more.Text));
                break;
            case (TextReasoningContent more, _):
                message.Contents.Add(new TextReasoningContent(more.Text));
                break;
            default:
                message.Contents.Add(content);
                break;
        }
    }
}

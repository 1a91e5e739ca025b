using System.Text;
using Microsoft.Extensions.AI;

namespace Gateway.Client.Chat;

/// <summary>What a request to a chat client asks of the gateway: to start a session, or to say something to one that waits.</summary>
/// <param name="SessionId">The session that is spoken to; null: a new one is started.</param>
/// <param name="Text">What the user says, or, for a new session, what it works on.</param>
/// <param name="Answers">Answers to requests for approval, with what each is for.</param>
/// <param name="Open">The question of the message before, which words answer; null when there is none, or it is not known.</param>
internal sealed record ChatRequest(string? SessionId, string Text, IReadOnlyList<(ChatQuestion Question, ToolApprovalResponseContent Answer)> Answers, ChatQuestion? Open)
{
    /// <summary>Reads a request. What stands before the last message of the assistant has been said in earlier ones.</summary>
    /// <exception cref="ArgumentException">It says nothing, answers what no gateway has asked, or speaks to several sessions.</exception>
    public static ChatRequest Read(IEnumerable<ChatMessage> messages, string? conversationId)
    {
        IReadOnlyList<ChatMessage> all = [.. messages];
        var last = -1;
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Role == ChatRole.Assistant) last = i;
        }

        var answers = all.Skip(last + 1).SelectMany(message => message.Contents).OfType<ToolApprovalResponseContent>().Select(answer =>
            (ChatQuestion.Parse(answer.RequestId) ?? throw new ArgumentException($"'{answer.RequestId}' is not the id of a gateway's request for approval.", nameof(messages)), answer)).ToList();
        var open = last < 0 ? null : all[last].Contents.OfType<ToolApprovalRequestContent>().Select(request => ChatQuestion.Parse(request.RequestId)).FirstOrDefault(question => question is not null);
        var sessions = answers.Select(answer => answer.Item1.SessionId).Append(conversationId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (sessions.Count > 1) throw new ArgumentException($"A request speaks to one session; this one speaks to {string.Join(", ", sessions)}.", nameof(messages));
        var sessionId = sessions.FirstOrDefault() ?? open?.SessionId;
        var text = sessionId is null ? Subject(all) : Words(all.Skip(last + 1));
        if (text.Length == 0 && answers.Count == 0) throw new ArgumentException("The messages have no words of the user's.", nameof(messages));
        return new ChatRequest(sessionId, text, answers, open?.SessionId == sessionId ? open : null);
    }

    private static string Words(IEnumerable<ChatMessage> messages) =>
        string.Join("\n", messages.Where(message => message.Role == ChatRole.User).Select(message => message.Text).Where(text => text.Length > 0));

    // A session works on a text: a conversation is told as one.
    private static string Subject(IReadOnlyList<ChatMessage> messages)
    {
        var said = messages.Where(message => message.Text.Length > 0).ToList();
        var now = said.FindLastIndex(message => message.Role == ChatRole.User);
        if (now < 0) return string.Empty;
        if (said.Count == 1) return said[now].Text;
        var before = new StringBuilder();
        foreach (var message in said.Where((_, at) => at != now)) before.Append(Speaker(message)).Append(": ").Append(message.Text).Append("\n\n");
        return $"The conversation so far:\n\n{before}The user now says:\n\n{said[now].Text}";
    }

    private static string Speaker(ChatMessage message) =>
        message.AuthorName ?? (message.Role == ChatRole.User ? "User" : message.Role == ChatRole.System ? "Instructions" : "Assistant");
}

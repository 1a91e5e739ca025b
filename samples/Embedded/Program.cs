// A program of one's own with the gateway inside: a model, a workflow in code, and code that hears of questions and ends.
// Its doors are those of every gateway: /ws, /hub, /api/v1, and the page at /.
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gateway;
using Gateway.Models;
using Gateway.Observers;
using Gateway.Workflows;
using Microsoft.Extensions.AI;

var builder = WebApplication.CreateBuilder(args);
builder.AddGateway();

// Any IChatClient is a model. As the only one that was added, it is the default.
builder.Services.AddChatClient("house", new HouseModel());

builder.Services.AddWorkflow("newsletter", w => w
    .Named("Newsletter", "Two drafts, one text, a person's word, and it is sent.")
    .Start()
    .Parallel(
        "drafts",
        one => one.Agent("brief", "Write two sentences on the subject."),
        two => two.Agent("vivid", "Write two sentences on the subject, with a picture in them."))
    .Agent("editor", "Make one text of the two drafts.")
    .Review("approve", "Send this? {{ nodes.editor.text }}")
    .End(output: "{{ nodes.editor.text }}"));

builder.Services.AddSingleton<Outbox>();
builder.Services.AddSessionObserver<Mailer>("mailer");

var app = builder.Build();
app.MapGateway();
app.MapGet("/hello", () => "An endpoint of the program's own.");
app.Run();

/// <summary>Writes a mail when a newsletter waits for somebody, and when it is done.</summary>
public sealed class Mailer(Outbox outbox) : ISessionObserver
{
    /// <inheritdoc/>
    public async Task ObserveAsync(SessionMoment moment, CancellationToken cancellationToken)
    {
        var text = moment switch
        {
            SessionAsked asked => $"{moment.Session.SessionId} asks: {asked.Prompt.Text}",
            SessionEnded ended => $"{moment.Session.SessionId} is {ended.End.Status}: {ended.End.Output}",
            _ => null,
        };

        // A moment may be told twice; a real mail would carry session and seq as its id, so that it is sent once.
        if (text is not null) await outbox.Mails.Writer.WriteAsync(text, cancellationToken);
    }
}

/// <summary>Where the mails go.</summary>
public sealed class Outbox
{
    /// <summary>The mails that wait to be sent; a full box makes the observer wait, and no session.</summary>
    public Channel<string> Mails { get; } = Channel.CreateBounded<string>(1000);
}

/// <summary>A model that is computed here; in its place stands any client of Microsoft.Extensions.AI.</summary>
public sealed class HouseModel : IChatClient
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        foreach (var word in $"The house has read {messages.Sum(message => message.Text.Length)} characters.".Split(' ')) yield return new ChatResponseUpdate(ChatRole.Assistant, word + " ");
    }

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);
}

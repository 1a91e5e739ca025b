using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Models;

/// <summary>What a model streamed, put together.</summary>
internal sealed class Said
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<string> Pieces { get; } = [];

    public List<string> Thoughts { get; } = [];

    public UsageDetails? Usage { get; private set; }

    public ChatFinishReason? Finish { get; private set; }

    /// <summary>Completes with the first piece of text.</summary>
    public Task Begun => _begun.Task;

    public string Text => string.Concat(Pieces);

    public string Thinking => string.Concat(Thoughts);

    public void Add(ChatResponseUpdate update)
    {
        Finish ??= update.FinishReason;
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextReasoningContent { Text.Length: > 0 } thought:
                    Thoughts.Add(thought.Text);
                    break;
                case TextContent { Text.Length: > 0 } text:
                    Pieces.Add(text.Text);
                    _begun.TrySetResult();
                    break;
                case UsageContent usage:
                    Assert.Null(Usage);
                    Usage = usage.Details;
                    break;
            }
        }
    }

    /// <summary>The whole answer.</summary>
    public static async Task<Said> By(IChatClient client, string topic = "Is tea better than coffee?", string? instructions = null)
    {
        var said = new Said();
        await said.HearAll(client, topic, instructions);
        return said;
    }

    /// <summary>Listens until the answer ends; what was heard stays when it breaks off.</summary>
    public Task HearAll(IChatClient client, string topic = "Is tea better than coffee?", string? instructions = null)
    {
        List<ChatMessage> messages = [new(ChatRole.User, topic)];
        if (instructions is not null) messages.Insert(0, new(ChatRole.System, instructions));
        return Wait.For(Hear(client, messages, TestContext.Current.CancellationToken), "the end of the answer");
    }

    /// <summary>Listens until the answer ends or is cancelled.</summary>
    public async Task Hear(IChatClient client, IEnumerable<ChatMessage> messages, CancellationToken cancellationToken, ChatOptions? options = null)
    {
        await foreach (var update in client.GetStreamingResponseAsync(messages, options, cancellationToken)) Add(update);
    }
}

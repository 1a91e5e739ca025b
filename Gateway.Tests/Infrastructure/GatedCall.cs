using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Gateway.Tests.Infrastructure;

/// <summary>One call of a <see cref="GatedModel"/>: says what the test says.</summary>
internal sealed class GatedCall(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
{
    private readonly Channel<ChatResponseUpdate> _updates = Channel.CreateUnbounded<ChatResponseUpdate>();
    private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasSent;

    public IReadOnlyList<ChatMessage> Messages => messages;

    public ChatOptions? Options => options;

    /// <summary>Whether it goes on although it is cancelled.</summary>
    public bool IsStubborn { get; set; }

    /// <summary>What it does when it is cancelled, on the thread that cancels it.</summary>
    public Action? Cancelled { get; set; }

    /// <summary>The reader waits for the next piece.</summary>
    public Task Asked() => Wait.For(_asked.Reader.ReadAsync().AsTask(), "the reader asking for the next piece");

    /// <summary>The reader has let go of the call.</summary>
    public Task Over() => Wait.For(_over.Task, "the end of the model call");

    public GatedCall Say(params string[] texts)
    {
        foreach (var text in texts) Send(new TextContent(text));
        return this;
    }

    public GatedCall Send(AIContent content)
    {
        _hasSent = true;
        _updates.Writer.TryWrite(new ChatResponseUpdate(ChatRole.Assistant, [content]));
        return this;
    }

    /// <summary>The provider only shows that it is there.</summary>
    public void Breathe() => _updates.Writer.TryWrite(new ChatResponseUpdate());

    /// <summary>The answer is over. Without a text it would be none, so a call that has sent nothing says a word first; with a reason it does not.</summary>
    public void End(ChatFinishReason? reason = null)
    {
        if (!_hasSent && reason is null) Say("Done.");
        _updates.Writer.TryWrite(new ChatResponseUpdate { FinishReason = reason ?? ChatFinishReason.Stop });
        _updates.Writer.TryComplete();
    }

    public void Throw(Exception exception) => _updates.Writer.TryComplete(exception);

    public async IAsyncEnumerable<ChatResponseUpdate> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var cancelled = cancellationToken.UnsafeRegister(_ => Cancelled?.Invoke(), null);
        try
        {
            while (true)
            {
                _asked.Writer.TryWrite(true);
                if (!await _updates.Reader.WaitToReadAsync(IsStubborn ? CancellationToken.None : cancellationToken)) yield break;
                if (_updates.Reader.TryRead(out var update)) yield return update;
            }
        }
        finally
        {
            _over.TrySetResult();
        }
    }
}

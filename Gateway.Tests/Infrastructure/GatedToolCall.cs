using Gateway.Tools;

namespace Gateway.Tests.Infrastructure;

/// <summary>One call of <see cref="GatedTools"/>: answers what the test says; ends by itself when it is cancelled, unless it is stubborn.</summary>
internal sealed class GatedToolCall
{
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GatedToolCall(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        Invocation = invocation;
        cancellationToken.Register(() =>
        {
            _cancelled.TrySetResult();
            if (!IsStubborn) _answer.TrySetCanceled(cancellationToken);
        });
    }

    public ToolInvocation Invocation { get; }

    public string Arguments => Invocation.Arguments.GetRawText();

    public string Key => Invocation.Context.IdempotencyKey;

    public Task<string> Answer => _answer.Task;

    /// <summary>Whether it goes on although it is cancelled.</summary>
    public bool IsStubborn { get; set; }

    public void Return(string text) => _answer.TrySetResult(text);

    public void Throw(Exception exception) => _answer.TrySetException(exception);

    /// <summary>The gateway has asked it to stop.</summary>
    public Task Cancelled() => Wait.For(_cancelled.Task, "the cancellation of a call of a tool");
}

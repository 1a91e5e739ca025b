using System.Threading.Channels;
using Gateway.Contracts;
using Gateway.Models;
using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>One model call of a node's attempt: reads the model ahead of what the session shows.</summary>
/// <remarks>The session takes outputs when it may show them; while it does not, the bounded channel makes the model wait.</remarks>
internal sealed class AgentRun : IAsyncDisposable
{
    private readonly Model? _model;
    private readonly AgentRequest _request;
    private readonly UsageTally _tally;
    private readonly Action _wake;
    private readonly Channel<AgentOutput> _outputs;
    private readonly Stack<AgentOutput> _returned = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _silence;
    private readonly IdleTimer? _idle;
    private readonly Task _reading;
    private Task _straggler = Task.CompletedTask;
    private Task _silencing = Task.CompletedTask;
    private volatile bool _timedOut;
    private bool _counted;

    /// <summary>Begins the call; <paramref name="wake"/> is called whenever there is an output to take.</summary>
    public AgentRun(NodeState node, Model model, AgentRequest request, TimeProvider time, Action wake)
        : this(node, request, wake, model.ReadAhead)
    {
        _model = model;
        _idle = new IdleTimer(time, model.IdleTimeout, OnSilence);

        // A client may do real work before its first await: that must not hold up the session's loop.
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>A run that failed before it could begin.</summary>
    public AgentRun(NodeState node, AgentRequest request, AgentOutput.Failed failure, Action wake)
        : this(node, request, wake, readAhead: 1)
    {
        PutBack(failure);
        wake();
    }

    private AgentRun(NodeState node, AgentRequest request, Action wake, int readAhead)
    {
        Node = node.Id;
        Attempt = node.Attempt;
        Iteration = node.Iteration;
        _request = request;
        _tally = new UsageTally(request.Messages);
        _wake = wake;
        _silence = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _reading = Task.CompletedTask;

        // Full means the session is paused or slow: the model's stream waits, nothing is dropped.
        _outputs = Channel.CreateBounded<AgentOutput>(new BoundedChannelOptions(Math.Max(1, readAhead)) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>The node it runs for.</summary>
    public string Node { get; }

    /// <summary>Which try of the node it is.</summary>
    public int Attempt { get; }

    /// <summary>Which round of a loop it is.</summary>
    public int Iteration { get; }

    /// <summary>What it has consumed so far, for a session that ends before it; null when there is nothing, or it was taken already.</summary>
    public AgentOutput.Usage? Spent => _model is not null && !_counted && _tally.HasAny ? _tally.ToOutput(_model) : null;

    /// <summary>Takes the next output, if there is one.</summary>
    public bool TryTake(out AgentOutput output)
    {
        if (!_returned.TryPop(out output!) && !_outputs.Reader.TryRead(out output!)) return false;
        _counted |= output is AgentOutput.Usage;
        return true;
    }

    /// <summary>Gives back the output taken last, to be taken again first.</summary>
    public void PutBack(AgentOutput output)
    {
        if (output is AgentOutput.Usage) _counted = false;
        _returned.Push(output);
    }

    /// <summary>Makes its time limit stand still, or go on.</summary>
    public void Hold(bool held) => _idle?.Hold(held);

    /// <summary>Stops the call and waits until the model has let go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        // The sources hold no timer and no handle: they are left to the collector, since a late tick may still use them.
        await CancelAsync(_stop);
        await _reading;
        await _straggler;
        await _silencing;
        _idle?.Dispose();
    }

    private void OnSilence()
    {
        _timedOut = true;
        _silencing = CancelAsync(_silence);
    }

    private static async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync();
        }
        catch (AggregateException)
        {
            // A callback of the model's client threw; the token is cancelled all the same.
        }
    }

    private async Task ReadAsync()
    {
        AgentOutput end;
        try
        {
            end = await ReadAnswerAsync();
        }
        catch (Exception) when (_timedOut)
        {
            end = new AgentOutput.Failed(ErrorCode.ModelTimeout, $"Model '{_model!.Name}' was silent for more than {_model.IdleTimeout.TotalSeconds:0.###} seconds.");
        }
        catch (Exception exception)
        {
            end = new AgentOutput.Failed(ErrorCode.ModelError, ModelFailure.Describe(_model!.Name, exception));
        }

        try
        {
            // What was written before a failure has been paid for, too.
            if (end is AgentOutput.Finished || _tally.HasAny) await WriteAsync(_tally.ToOutput(_model!), _stop.Token);
            await WriteAsync(end, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped: nobody takes the rest.
        }
    }

    private async Task<AgentOutput> ReadAnswerAsync()
    {
        var cancellationToken = _silence.Token;
        var updates = _model!.Client.GetStreamingResponseAsync(_request.Messages, _request.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        Task<bool>? next = null;
        ChatFinishReason? reason = null;
        var said = false;
        var refused = false;
        try
        {
            while (true)
            {
                _idle!.Arm();
                try
                {
                    // A model that ignores its token must not hold the session: the wait ends, the call is let go.
                    next = updates.MoveNextAsync().AsTask();
                    if (!await next.WaitAsync(cancellationToken)) break;
                }
                finally
                {
                    _idle.Disarm();
                }

                reason = updates.Current.FinishReason ?? reason;
                foreach (var content in updates.Current.Contents)
                {
                    switch (content)
                    {
                        case TextReasoningContent thinking: await WriteTextAsync(thinking.Text, isThinking: true); break;
                        case TextContent text: await WriteTextAsync(text.Text, isThinking: false); break;
                        case UsageContent usage: _tally.AddReported(usage.Details); break;
                        case ErrorContent: refused = true; break;
                    }
                }
            }
        }
        finally
        {
            if (next is { IsCompleted: false }) _straggler = LetGoAsync(next, updates);
            else await updates.DisposeAsync();
        }

        if (reason == ChatFinishReason.ContentFilter || (refused && !said))
        {
            return new AgentOutput.Failed(ErrorCode.ModelError, $"Model '{_model.Name}' refused to answer: its provider's content filter or policy stopped it.");
        }

        return new AgentOutput.Finished();

        async ValueTask WriteTextAsync(string? text, bool isThinking)
        {
            if (string.IsNullOrEmpty(text)) return;
            said |= !isThinking;
            _tally.AddWritten(text);
            await WriteAsync(new AgentOutput.Chunk(text, isThinking), cancellationToken);
        }
    }

    private async ValueTask WriteAsync(AgentOutput output, CancellationToken cancellationToken)
    {
        await _outputs.Writer.WriteAsync(output, cancellationToken);
        _wake();
    }

    private static async Task LetGoAsync(Task<bool> next, IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try
        {
            await next;
        }
        catch (Exception)
        {
            // The run has ended already, with a reason of its own; how the abandoned call ends tells nothing more.
        }

        try
        {
            await updates.DisposeAsync();
        }
        catch (Exception)
        {
            // As above.
        }
    }
}

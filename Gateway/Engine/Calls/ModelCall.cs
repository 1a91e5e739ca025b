using System.Text;
using System.Threading.Channels;
using Gateway.Contracts;
using Gateway.Models;
using Gateway.Refusals;
using Gateway.Tools;
using Gateway.Workflows;
using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>One call of a model, read ahead of what the session shows.</summary>
/// <remarks>The session takes pieces when it may show them. While it takes none, the bounded channel makes the model wait.</remarks>
internal sealed class ModelCall : INodeRun
{
    private readonly Model? _model;
    private readonly ModelRequest _request;
    private readonly UsageTally _tally;
    private readonly IToolCatalog _tools;
    private readonly Action _wake;
    private readonly Channel<ModelPiece> _pieces;
    private readonly Stack<ModelPiece> _returned = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _silence;
    private volatile StoppableWait? _wait;
    private readonly NodeTimeout _limits;
    private readonly IdleTimer? _idle;
    private readonly IdleTimer? _first;
    private readonly Task _reading;
    private Task _straggler = Task.CompletedTask;
    private Task _silencing = Task.CompletedTask;
    private volatile ModelPiece.Failed? _timedOut;
    private volatile bool _hasBegun;
    private bool _counted;

    /// <summary>Begins the call; <paramref name="wake"/> is called whenever there is a piece to take.</summary>
    public ModelCall(CallKey key, Model model, ModelRequest request, NodeTimeout limits, IToolCatalog tools, TimeProvider time, Action wake)
        : this(key, request, tools, wake, model.ReadAhead)
    {
        _model = model;
        _limits = limits;
        _idle = new IdleTimer(time, OnSilence);
        _first = limits.FirstToken is null ? null : new IdleTimer(time, OnLateBeginning);

        // A client may do real work before its first await, which must not hold up the session's loop.
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>A call that failed before it could begin.</summary>
    public ModelCall(CallKey key, ModelRequest request, ModelPiece.Failed failure, Action wake)
        : this(key, request, NoTools.Instance, wake, readAhead: 1)
    {
        PutBack(failure);
        wake();
    }

    private ModelCall(CallKey key, ModelRequest request, IToolCatalog tools, Action wake, int readAhead)
    {
        Key = key;
        _request = request;
        _tally = new UsageTally(request.Messages);
        _tools = tools;
        _wake = wake;
        _silence = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _reading = Task.CompletedTask;

        // A full channel means that the session is paused or slow. The model's stream then waits; nothing is dropped.
        _pieces = Channel.CreateBounded<ModelPiece>(new BoundedChannelOptions(Math.Max(1, readAhead)) { SingleReader = true, SingleWriter = true });
    }

    /// <inheritdoc/>
    public CallKey Key { get; }

    /// <inheritdoc/>
    public ModelPiece.Usage? Spent => _model is not null && !_counted && _tally.HasAny ? _tally.ToPiece(_model) : null;

    /// <summary>How many tokens it has read and written so far; 0 when the model has not begun.</summary>
    public long Tokens => _model is not null && _tally.HasAny && _tally.ToPiece(_model) is var spent ? spent.InputTokens + spent.OutputTokens : 0;

    /// <inheritdoc/>
    public ModelPiece.Usage? Estimate => _model is not null && !_counted && _tally.HasWritten ? _tally.Estimate(_model) : null;

    /// <inheritdoc/>
    public bool IsCounted => _counted;

    /// <inheritdoc/>
    public bool TryTake(out ModelPiece piece)
    {
        if (!_returned.TryPop(out piece!) && !_pieces.Reader.TryRead(out piece!)) return false;
        _counted |= piece is ModelPiece.Usage;
        return true;
    }

    /// <inheritdoc/>
    public void PutBack(ModelPiece piece)
    {
        if (piece is ModelPiece.Usage) _counted = false;
        _returned.Push(piece);
    }

    /// <inheritdoc/>
    public void Hold(bool held)
    {
        _idle?.Hold(held);
        _first?.Hold(held);
    }

    /// <summary>Stops the call; returns once the model has let go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        // A late tick of the timer may still use the token sources, so they are not disposed. They hold no timer and no handle.
        await CancelAsync(_stop);
        await _reading;
        await _straggler;
        await _silencing;
        _idle?.Dispose();
        _first?.Dispose();
    }

    // A node may allow less silence than its model's settings do, once the model has begun.
    private bool IsSilenceOfNode => _hasBegun && _limits.Idle < _model!.IdleTimeout;

    private TimeSpan LongestSilence => IsSilenceOfNode ? _limits.Idle!.Value : _model!.IdleTimeout;

    private void OnSilence() => TimeOut(IsSilenceOfNode ? ErrorCode.NodeTimeout : ErrorCode.ModelTimeout, $"was silent for more than {LongestSilence.TotalSeconds:0.###} seconds.");

    private void OnLateBeginning() => TimeOut(ErrorCode.NodeTimeout, $"said nothing for {_limits.FirstToken!.Value.TotalSeconds:0.###} seconds, which is what the node's 'timeout' allows for its first word.");

    private void TimeOut(string code, string what)
    {
        if (Interlocked.CompareExchange(ref _timedOut, new ModelPiece.Failed(code, $"Model '{_model!.Name}' {what}"), null) is not null) return;
        _silencing = CancelAsync(_silence);

        // What the model's client does when the token is cancelled may take long, and the session does not wait for it.
        _wait?.Stop();
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
        ModelPiece end;
        try
        {
            end = await ReadAnswerAsync();
        }
        catch (Exception) when (_timedOut is not null)
        {
            end = _timedOut!;
        }
        catch (ToolException exception)
        {
            end = new ModelPiece.Failed(exception.Code, exception.Message);
        }
        catch (GatewayException exception)
        {
            end = new ModelPiece.Failed(exception.Code, exception.Message) { MayPass = false };
        }
        catch (Exception exception)
        {
            end = new ModelPiece.Failed(ErrorCode.ModelError, ModelFailure.Describe(_model!.Name, exception)) { MayPass = ModelFailure.MayPass(exception), RetryAfter = (exception as ModelException)?.RetryAfter };
        }

        try
        {
            // Text that was written before a failure has been paid for, too.
            if (end is ModelPiece.Finished or ModelPiece.Called || _tally.HasAny) await WriteAsync(_tally.ToPiece(_model!), _stop.Token);
            await WriteAsync(end, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The call was stopped, so nobody takes the rest.
        }
    }

    private async Task<ModelPiece> ReadAnswerAsync()
    {
        var cancellationToken = _silence.Token;
        var calls = await OfferToolsAsync(cancellationToken);
        var updates = _model!.Client.GetStreamingResponseAsync(_request.Messages, _request.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var wait = _wait = new StoppableWait(cancellationToken);
        var answer = new AnswerEnd();
        var said = 0L;
        _first?.Arm(_limits.FirstToken!.Value);
        try
        {
            while (true)
            {
                _idle!.Arm(LongestSilence);
                try
                {
                    // A model that ignores its token must not hold up the session: the wait ends, and the call is left to itself.
                    if (!await wait.WaitAsync(updates.MoveNextAsync())) break;
                }
                finally
                {
                    _idle.Disarm();
                }

                var update = updates.Current;
                answer.Add(update);
                if (!_hasBegun && update.Contents.Any(content => content is not UsageContent)) Begin();
                foreach (var content in update.Contents)
                {
                    switch (content)
                    {
                        case TextReasoningContent thinking: await WriteTextAsync(thinking.Text, isThinking: true); break;
                        case TextContent text: await WriteTextAsync(text.Text, isThinking: false); break;
                        case UsageContent usage: _tally.AddReported(update.ResponseId, usage.Details); break;
                    }
                }
            }
        }
        finally
        {
            wait.End();
            if (wait.LeftBehind is { } left) _straggler = LetGoAsync(left, updates);
            else await updates.DisposeAsync();
        }

        _first?.Disarm();
        if (answer.IsTruncated) _tally.Truncate();
        return answer.ToPiece(_model.Name, calls, _request.MustAnswer);

        async ValueTask WriteTextAsync(string? text, bool isThinking)
        {
            if (string.IsNullOrEmpty(text)) return;
            said += Encoding.UTF8.GetByteCount(text);
            if (said > _request.MaxAnswerBytes) throw new GatewayException(ErrorCode.LimitExceeded, TooLong());
            _tally.AddWritten(text);
            await WriteAsync(new ModelPiece.Chunk(text, isThinking), cancellationToken);
        }
    }

    private string TooLong() =>
        $"Model '{_model!.Name}' said more than {_request.MaxAnswerBytes} bytes in one answer (Gateway:Sessions:MaxAnswerBytes); set 'max_output_tokens' for its agent, or raise the setting.";

    private void Begin()
    {
        _hasBegun = true;
        _first?.Disarm();
    }

    // Only declarations: a client that calls functions by itself would do so past the log.
    private async Task<RequestedCalls?> OfferToolsAsync(CancellationToken cancellationToken)
    {
        if (_request.Tools.Count == 0) return null;
        var offered = await _tools.DescribeAsync(_request.Tools, cancellationToken);
        _request.Options.Tools = [.. offered];
        if (_request.MustAnswer) _request.Options.ToolMode = ChatToolMode.None;
        return new RequestedCalls(offered, _tools);
    }

    private async ValueTask WriteAsync(ModelPiece piece, CancellationToken cancellationToken)
    {
        await _pieces.Writer.WriteAsync(piece, cancellationToken);
        _wake();
    }

    private static async Task LetGoAsync(Task left, IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        // This call has ended already, with a reason of its own. How the model's side ends adds nothing.
        await left;
        try
        {
            await updates.DisposeAsync();
        }
        catch (Exception)
        {
            // Here, too, the end of the model's side adds nothing.
        }
    }
}

using System.Threading.Channels;
using Gateway.Contracts;
using Gateway.Tools;

namespace Gateway.Engine.Calls;

/// <summary>The calls of tools of one round of a node, side by side.</summary>
/// <remarks>What has answered is taken when the session may show it. A pause stops no call, as nobody knows how far it is; it stops the clocks.</remarks>
internal sealed class ToolRun : INodeRun
{
    private readonly IToolCatalog _tools;
    private readonly TimeProvider _time;
    private readonly Action _wake;
    private readonly Channel<ModelPiece> _pieces;
    private readonly Stack<ModelPiece> _returned = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<IdleTimer> _clocks = [];
    private readonly Task _calling;
    private bool _held;

    /// <summary>Begins the calls; <paramref name="wake"/> is called whenever one has ended.</summary>
    public ToolRun(CallKey key, IReadOnlyList<ToolInvocation> calls, IToolCatalog tools, TimeProvider time, Action wake)
    {
        Key = key;
        _tools = tools;
        _time = time;
        _wake = wake;

        // Each call has one end, so the channel is never full.
        _pieces = Channel.CreateBounded<ModelPiece>(new BoundedChannelOptions(Math.Max(1, calls.Count)) { SingleReader = true });

        // A tool may do real work before its first await, which must not hold up the session's loop.
        _calling = Task.WhenAll(calls.Select(call => Task.Run(() => RunAsync(call))));
    }

    /// <inheritdoc/>
    public CallKey Key { get; }

    /// <inheritdoc/>
    public ModelPiece.Usage? Spent => null;

    /// <inheritdoc/>
    public ModelPiece.Usage? Estimate => null;

    /// <inheritdoc/>
    public bool IsCounted => false;

    /// <inheritdoc/>
    public bool TryTake(out ModelPiece piece) => _returned.TryPop(out piece!) || _pieces.Reader.TryRead(out piece!);

    /// <inheritdoc/>
    public void PutBack(ModelPiece piece) => _returned.Push(piece);

    /// <inheritdoc/>
    public void Hold(bool held)
    {
        lock (_gate)
        {
            _held = held;
            foreach (var clock in _clocks) clock.Hold(held);
        }
    }

    /// <summary>Stops the calls; returns once every tool has let go.</summary>
    public async ValueTask DisposeAsync()
    {
        // The token source holds no timer and no handle, and a tool may still ask it.
        await CancelAsync(_stop);
        await _calling;
    }

    private async Task RunAsync(ToolInvocation call)
    {
        var limit = _tools.RulesOf(call.Name).Timeout;
        // Not disposed: a late tick of the clock may still use it, and it holds no timer and no handle.
        var late = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var cancelling = Task.CompletedTask;
        var isLate = false;
        using var clock = new IdleTimer(_time, () =>
        {
            Volatile.Write(ref isLate, true);
            Volatile.Write(ref cancelling, CancelAsync(late));
        });
        lock (_gate)
        {
            _clocks.Add(clock);
            clock.Arm(limit);
            clock.Hold(_held);
        }

        ModelPiece.ToolEnded end;
        Task<string>? answer = null;
        try
        {
            // A tool that ignores its token must not hold up the session: the wait ends, and the call is left to itself.
            answer = _tools.CallAsync(call, late.Token);
            end = Ended(await answer.WaitAsync(late.Token), null);
        }
        catch (Exception) when (Volatile.Read(ref isLate))
        {
            end = Ended($"The tool '{call.Name}' did not answer within {limit.TotalSeconds:0.###} seconds.", ErrorCode.ToolTimeout);
        }
        catch (ToolException exception)
        {
            end = Ended(exception.Message, exception.Code);
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            end = Ended("The call was stopped.", ErrorCode.ToolFailed);
        }
        catch (Exception exception)
        {
            end = Ended($"The tool '{call.Name}' failed: {exception.GetType().Name}.", ErrorCode.ToolFailed);
        }

        lock (_gate) _clocks.Remove(clock);
        if (!_stop.IsCancellationRequested)
        {
            _pieces.Writer.TryWrite(end);
            _wake();
        }

        if (answer is { IsCompleted: false }) await LetGoAsync(answer);
        await Volatile.Read(ref cancelling);

        ModelPiece.ToolEnded Ended(string text, string? code)
        {
            var (kept, length) = ToolText.Keep(text, _tools.MaxLength);
            return new ModelPiece.ToolEnded(call.Context.CallId, kept, length, code);
        }
    }

    private static async Task LetGoAsync(Task answer)
    {
        try
        {
            await answer;
        }
        catch (Exception)
        {
            // The call has ended already, with a reason of its own.
        }
    }

    private static async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync();
        }
        catch (AggregateException)
        {
            // A callback of the tool threw; the token is cancelled all the same.
        }
    }
}

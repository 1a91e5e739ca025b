using System.Text;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Log;
using Gateway.Models;
using Gateway.Models.Scripted;
using Gateway.Refusals;
using Gateway.Templates;
using Microsoft.Extensions.AI;

namespace Gateway.Engine;

/// <summary>Runs a session in thought: the built-in model answers at once, people say yes, and time is counted, not waited for.</summary>
/// <remarks>
/// The scheduler decides as it does for a session, and nothing is logged, shown or called. What else an agent's work is done by, such as
/// a tool, says nothing here. The next piece of work to end is the one whose time is over first, so joins that wait for some are met as
/// they would be. Bounded in calls and in what is read, so that an endless loop costs a moment.
/// </remarks>
internal sealed class DryRun(NodeKinds kinds, IModelCatalog models, TimeProvider time) : IDisposable
{
    /// <summary>The most calls; what comes after them is not counted.</summary>
    public const int MaxCalls = 1000;

    /// <summary>How many tokens a model writes in a second.</summary>
    public const double TokensPerSecond = 50;

    /// <summary>How long it takes until it begins, in seconds.</summary>
    public const double FirstToken = 0.5;

    private const int MaxDecisions = 20_000;
    private const long MaxRead = 50_000_000;
    private const long MaxEvents = 200_000;
    private const long MaxSteps = 200_000_000;
    private const int MaxWaiting = 8;
    private const string Answer = "yes";

    // One at a time: it computes and waits for nothing, and sessions need the processor, too.
    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;

    /// <summary>Runs a session to its end, or to the bound.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public async Task<DryRunResult> RunAsync(SessionHeader header, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new GatewayException(ErrorCode.LimitExceeded, "Other estimates are being made; ask again in a moment.") { RetryAfter = TimeSpan.FromSeconds(5) };
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            using var speaker = new ScriptedChatClient("scripted", new ScriptedOptions { TokensPerSecond = 0 }, time);
            var run = new Run(new SessionState(header, kinds), models, speaker, time.GetUtcNow().UtcDateTime);
            run.Decide(new EngineInput.Start());
            while (!run.IsOver) await run.StepAsync(cancellationToken);
            return run.Result;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private sealed class Run(SessionState state, IModelCatalog models, IChatClient speaker, DateTime begin)
    {
        private readonly Dictionary<string, Call> _calls = new(StringComparer.Ordinal);
        private readonly Dictionary<string, DryRunNode> _nodes = new(StringComparer.Ordinal);
        private readonly PromptBuilder _prompts = new();
        private double _now;
        private long _read;
        private int _made;
        private int _decisions;
        private int _answers;
        private bool _stuck;
        private string? _refusal;
        private long _events;
        private long _steps;

        public bool IsOver => state.IsFinal || _stuck || _made >= MaxCalls || _decisions >= MaxDecisions || _read >= MaxRead || _events >= MaxEvents || _steps >= MaxSteps;

        public DryRunResult Result => new(state.IsFinal ? state.Status : null, _now, _answers, state.Error ?? _refusal, _nodes);

        public void Decide(EngineInput input)
        {
            _decisions++;
            try
            {
                var batch = new EventBatch(state, begin.AddSeconds(_now));
                Scheduler.Decide(batch, input);
                _events += batch.Events.Count;
                _steps += state.Steps.Taken;
            }
            catch (Exception exception) when (exception is GatewayException or StepLimitException)
            {
                // It would end a session; the estimate ends with what is known.
                _stuck = true;
                _refusal = exception.Message;
            }
        }

        public async Task StepAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var node in state.Nodes.Where(node => node.Work is not null && !IsUnderWay(node)).ToList()) _calls[node.Id] = await CallAsync(node, cancellationToken);
            var wanted = _calls.Values.Where(call => state[call.Key.Node] is { Work: not null } node && call.Key == KeyOf(node)).ToList();
            if (state.Status == SessionStatus.Running && wanted.Count > 0) End(wanted.MinBy(call => call.End)!);
            else if (state.IsDue) Decide(new EngineInput.GoOn());
            else if (state.OpenPrompts.Count > 0) AnswerPrompt(state.OpenPrompts[0]);
            else if (state.Status == SessionStatus.Paused) Decide(new EngineInput.Command(new ResumeSession()));
            else _stuck = true;
        }

        private bool IsUnderWay(NodeState node) => _calls.TryGetValue(node.Id, out var call) && call.Key == KeyOf(node);

        private static CallKey KeyOf(NodeState node) => new(node.Id, node.Attempt, node.Iteration);

        private void AnswerPrompt(NodeState node)
        {
            var before = state.LastSeq;
            _answers++;
            var action = node.Prompt?.Actions?.FirstOrDefault(action => action.Id == PromptAction.Approve) ?? node.Prompt?.Actions?.FirstOrDefault(action => action.NeedsInput != true);
            Decide(new EngineInput.Command(action is null ? new UserInput { Content = Answer, NodeId = node.Id } : new UserInput { Action = action.Id, NodeId = node.Id }));
            _stuck |= state.LastSeq == before;
        }

        private void End(Call call)
        {
            _now = Math.Max(_now, call.End);
            _calls.Remove(call.Key.Node);
            var (node, attempt, iteration) = (call.Key.Node, call.Key.Attempt, call.Key.Iteration);
            if (call.Failure is { } failure)
            {
                Decide(new EngineInput.WorkFailed(node, attempt, failure.Code, failure.Message, iteration) { MayPass = failure.MayPass });
                return;
            }

            if (call.Text.Length > 0) Decide(new EngineInput.Chunk(node, attempt, call.Text, IsThinking: false, iteration));
            Decide(new EngineInput.WorkFinished(node, attempt, iteration));
        }

        private async Task<Call> CallAsync(NodeState node, CancellationToken cancellationToken)
        {
            _made++;
            if (node.Work is not AgentCall asked) return new Call(KeyOf(node), _now, string.Empty, null);
            var agent = state.FindAgent(node, asked.Agent)!;
            try
            {
                var model = models.Get(node.Model ?? agent.Model);
                var request = _prompts.Build(state, node, agent, asked);
                _read += request.Messages.Sum(message => (long)message.Text.Length);
                var tally = new UsageTally(request.Messages);
                var text = new StringBuilder();
                await foreach (var update in speaker.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken))
                {
                    foreach (var content in update.Contents)
                    {
                        if (content is TextContent said) text.Append(said.Text);
                        else if (content is UsageContent usage) tally.AddReported(null, usage.Details);
                    }
                }

                var spent = tally.ToPiece(model);
                var seconds = FirstToken + (spent.OutputTokens / TokensPerSecond);
                if (!_nodes.TryGetValue(node.Id, out var counted)) _nodes.Add(node.Id, counted = new DryRunNode(asked.Agent));
                counted.Add(spent, seconds);
                return new Call(KeyOf(node), _now + seconds, text.ToString(), null);
            }
            catch (Exception exception) when (exception is GatewayException or TemplateException or StepLimitException)
            {
                return new Call(KeyOf(node), _now, string.Empty, new NodeFailure((exception as GatewayException)?.Code ?? ErrorCode.TemplateFailed, exception.Message) { MayPass = false });
            }
        }

        private sealed record Call(CallKey Key, double End, string Text, NodeFailure? Failure);
    }
}

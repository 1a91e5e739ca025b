using System.Threading.Channels;
using Gateway.Client;
using Gateway.Contracts;

namespace Gateway.Tests.Crash;

/// <summary>One session of the soak: its user, a quick client and a slow one.</summary>
internal sealed class SoakSession
{
    private readonly SoakPlan _plan;
    private readonly GatewayClient _hub;
    private readonly RawClient _raw;
    private readonly TaskCompletionSource _quickIsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<Func<Task>> _commands = Channel.CreateUnbounded<Func<Task>>();

    public SoakSession(GatewayLives lives, GatewayClient hub, SoakPlan plan)
    {
        _plan = plan;
        _hub = hub;
        _raw = new RawClient(lives, plan.Id, plan.HubIsSlow ? OnEvent : null)
        {
            LeavesAfter = plan.LeavesAfter,
            Starts = plan.HubIsSlow ? Task.CompletedTask : _quickIsDone.Task,
        };
    }

    public string Id => _plan.Id;

    public Recording RawSeen => _raw.Seen;

    public Recording HubSeen { get; } = new("the client of the hub");

    public async Task RunAsync()
    {
        await _hub.StartAsync(_plan.Command);
        List<Task> tasks = [_raw.RunAsync(), ReadHubAsync(), CommandAsync()];
        while (tasks.Count > 0)
        {
            var done = await Task.WhenAny(tasks);
            tasks.Remove(done);
            await done;
        }
    }

    private async Task ReadHubAsync()
    {
        await foreach (var sessionEvent in _hub.ReadEventsAsync(Id))
        {
            HubSeen.Add(sessionEvent, Recording.FrameOf(sessionEvent));
            if (_plan.HubIsSlow) await _quickIsDone.Task;
            else OnEvent(sessionEvent);
        }
    }

    // Told by the quick client.
    private void OnEvent(SessionEvent sessionEvent)
    {
        if (sessionEvent.Seq == _plan.PauseAt) Give(() => _hub.PauseAsync(Id));
        if (sessionEvent.Seq == _plan.SpeakAt) Give(() => _hub.UserInputAsync(Id, "One more thing."));
        if (sessionEvent.Seq == _plan.CancelAt) Give(() => _hub.CancelAsync(Id));
        switch (sessionEvent)
        {
            case SessionEvent<ExecutionPaused> { Data: { Reason: PauseReason.UserRequested, HeldInput: null } }:
                Give(() => _hub.ResumeAsync(Id));
                break;
            case SessionEvent<NodeStateChange> { Data.Prompt: { } prompt }:
                Give(() => _hub.UserInputAsync(Id, "Go ahead.", prompt.PromptId));
                break;
            case SessionEvent<ExecutionCompleted>:
                _commands.Writer.TryComplete();
                _quickIsDone.TrySetResult();
                break;
        }
    }

    private void Give(Func<Task> command) => _commands.Writer.TryWrite(command);

    private async Task CommandAsync()
    {
        await foreach (var command in _commands.Reader.ReadAllAsync())
        {
            await HubClients.InsistAsync(command, ErrorCode.SessionFinished, ErrorCode.PromptAnswered, ErrorCode.UnknownPrompt);
        }
    }
}

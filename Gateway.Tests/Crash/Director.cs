using System.Threading.Channels;
using Gateway.Client;
using Gateway.Contracts;

namespace Gateway.Tests.Crash;

/// <summary>The user of the reference session: pauses when it first waits for an answer, resumes, then answers.</summary>
/// <remarks>One command at a time, each given until it is done, so that a repeated one never meets its successor.</remarks>
internal sealed class Director(GatewayClient client, string sessionId)
{
    private readonly Channel<Func<Task>> _commands = Channel.CreateUnbounded<Func<Task>>();
    private int _waits;

    public void OnEvent(SessionEvent sessionEvent)
    {
        switch (sessionEvent)
        {
            case SessionEvent<ExecutionPaused> { Data.Reason: PauseReason.AwaitingInput } when _waits++ == 0:
                Give(() => client.PauseAsync(sessionId));
                break;
            case SessionEvent<ExecutionPaused> { Data.Reason: PauseReason.UserRequested }:
                Give(() => client.ResumeAsync(sessionId));
                break;
            case SessionEvent<ExecutionPaused> { Data.Reason: PauseReason.AwaitingInput }:
                Give(() => client.UserInputAsync(sessionId, ReferenceSession.Answer, promptId: ReferenceSession.Review));
                break;
            case SessionEvent<ExecutionCompleted>:
                _commands.Writer.TryComplete();
                break;
        }
    }

    public async Task RunAsync()
    {
        await foreach (var command in _commands.Reader.ReadAllAsync())
        {
            await HubClients.InsistAsync(command, ErrorCode.PromptAnswered, ErrorCode.SessionFinished);
        }
    }

    private void Give(Func<Task> command) => _commands.Writer.TryWrite(command);
}

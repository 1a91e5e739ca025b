using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Doors.AgUi;

/// <summary>Which session a client's thread means: each thing a user says begins one, unless the one before is still under way.</summary>
/// <remarks>
/// A session's name follows from the thread's and from how often the user has spoken, so nothing is kept: a request that says nothing new
/// finds the session that it began, in whichever process. A thread that has the name of a session is that session.
/// </remarks>
internal sealed class AgUiThreads(SessionCommands sessions)
{
    // A thread of somebody else's, with a long history, is not looked through whole.
    private const int MostTurnsBack = 16;
    private const int LongestName = 44;
    private const int HashLength = 12;

    /// <summary>Finds the session, or starts it.</summary>
    /// <returns>The session, and what the user has said in this thread since it was started.</returns>
    /// <exception cref="GatewayException"><c>invalid_data</c>: there is nothing to start with; or what a start is refused with.</exception>
    public async Task<(SessionEntry Session, IReadOnlyList<string> Said)> FindOrStartAsync(Caller caller, string workflowId, AgUiInput input, CancellationToken cancellationToken)
    {
        var texts = input.UserTexts;
        for (var turn = texts.Count; turn > 0 && turn > texts.Count - MostTurnsBack; turn--)
        {
            if (await FindTurnAsync(caller, workflowId, input, turn, cancellationToken) is not { } found) continue;
            if (turn == texts.Count || !SessionStatus.IsFinal(found.Status)) return (found, [.. texts.Skip(turn)]);
            break;
        }

        if (texts.Count == 0) return (await FindAsync(caller, workflowId, Name(input.ThreadId), cancellationToken) ?? throw new GatewayException(ErrorCode.InvalidData, $"Thread '{input.ThreadId}' has no session of workflow '{workflowId}', and 'messages' has no message of a user to start one with."), []);
        return (await StartAsync(caller, workflowId, input, cancellationToken), []);
    }

    private async Task<SessionEntry?> FindTurnAsync(Caller caller, string workflowId, AgUiInput input, int turn, CancellationToken cancellationToken)
    {
        foreach (var id in Candidates(workflowId, input, turn))
        {
            if (await FindAsync(caller, workflowId, id, cancellationToken) is { } found && Belongs(found, input, turn)) return found;
        }

        return null;
    }

    private async Task<SessionEntry> StartAsync(Caller caller, string workflowId, AgUiInput input, CancellationToken cancellationToken)
    {
        var turn = input.UserTexts.Count;
        var candidates = Candidates(workflowId, input, turn);

        // The plain name may be taken, by a message that was edited since, or by another workflow.
        var id = await FindAsync(caller, null, candidates[0], cancellationToken) is null ? candidates[0] : candidates[1];
        var words = input.Input ?? JsonSerializer.SerializeToElement(Words(input), ContractsJson.Wire.String);
        await sessions.StartAsync(caller, new StartSession { SessionId = id, WorkflowId = workflowId, Input = words }, cancellationToken);
        return await sessions.FindAsync(caller, id, cancellationToken);
    }

    private async Task<SessionEntry?> FindAsync(Caller caller, string? workflowId, string id, CancellationToken cancellationToken)
    {
        try
        {
            var found = await sessions.FindAsync(caller, id, cancellationToken);
            return workflowId is null || found.WorkflowId == workflowId ? found : null;
        }
        catch (GatewayException refusal) when (refusal.Code == ErrorCode.UnknownSession)
        {
            return null;
        }
    }

    // One that was begun with the same words, or of which the client has a message.
    private static bool Belongs(SessionEntry session, AgUiInput input, int turn) =>
        session.Header.Input.EndsWith(input.UserTexts[turn - 1], StringComparison.Ordinal) || input.Input is not null
        || input.Messages.Any(message => message["id"]!.GetValue<string>().StartsWith(session.SessionId + ":", StringComparison.Ordinal));

    // Agents have no memory of their own: from the second time on they read what was said before.
    private static string Words(AgUiInput input)
    {
        var texts = input.UserTexts;
        if (texts.Count == 1) return texts[0];
        var before = new StringBuilder();
        foreach (var message in input.Messages.SkipLast(1))
        {
            var text = AgUiInput.TextOf(message["content"]);
            if (text.Length > 0 && AgUiInput.IsOf(message, "user")) before.Append("User: ").Append(text).Append("\n\n");
            if (text.Length > 0 && AgUiInput.IsOf(message, "assistant")) before.Append("Assistant: ").Append(text).Append("\n\n");
        }

        return $"The conversation so far:\n\n{before}The user now says:\n\n{texts[^1]}";
    }

    private static string[] Candidates(string workflowId, AgUiInput input, int turn)
    {
        var name = turn == 1 ? Name(input.ThreadId) : $"{Name(input.ThreadId)}-{turn}";
        return [name, $"{name}-{Hash($"{workflowId}\n{input.UserTexts[turn - 1]}")}"];
    }

    private static string Name(string threadId) => IdForm.Matches(threadId) && threadId.Length <= LongestName ? threadId : $"agui-{Hash(threadId)}{Hash("thread " + threadId)}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
}

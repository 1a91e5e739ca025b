using System.Text;
using System.Text.Json.Nodes;
using Gateway.Client;
using Gateway.Client.Stores;
using Gateway.Contracts;

namespace Gateway.Tests.Conformance;

/// <summary>A program on <see cref="GatewayClient"/> that takes a session to its end, and notes what it is given.</summary>
internal static class ClientRecorder
{
    /// <summary>Starts a session, answers its question, reads to the end; returns the recording.</summary>
    public static async Task<string> RecordAsync(GatewayClient client, string sessionId, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        var (messages, run) = (new SessionStore(), new WorkflowRunStore());
        try
        {
            await foreach (var next in client.StartAndReadAsync(new StartSession { WorkflowId = "conformance", Subject = "Tea or coffee?", SessionId = sessionId }, cancellationToken))
            {
                Note(new() { ["kind"] = "event", ["frame"] = JsonNode.Parse(EventSerializer.Serialize(next)) });
                messages.Apply(next);
                run.Apply(next);
                if (next is SessionEvent<NodeStateChange> { Data.Prompt: { } prompt })
                {
                    Note(new() { ["kind"] = "prompt", ["prompt_id"] = prompt.PromptId });
                    await SendAsync("user_input", prompt.PromptId, () => client.UserInputAsync(sessionId, "yes", prompt.PromptId, cancellationToken: cancellationToken));
                }

                // Killed several times in a row, a session waits for a person.
                if (next is SessionEvent<ExecutionPaused> { Data.Reason: PauseReason.Interrupted }) await SendAsync("resume_session", $"resume-{next.Seq}", () => client.ResumeAsync(sessionId, cancellationToken));
            }
        }
        catch (GatewayClientException away) when (away.Code == ClientErrorCode.ConnectionRefused)
        {
            Note(new() { ["kind"] = "closed", ["reason"] = away.Message });
        }

        foreach (var node in run.Nodes)
        {
            var text = messages.Messages.LastOrDefault(message => message.NodeId == node.Id && message.Kind == MessageKind.Agent)?.Text;
            if (text is not null) Note(new() { ["kind"] = "text", ["node_id"] = node.Id, ["text"] = text });
        }

        Note(new() { ["kind"] = "end" });
        return lines.ToString();

        void Note(JsonObject line) => lines.Append(line.ToJsonString()).Append('\n');

        // Whether a command has arrived whose confirmation was lost, the gateway tells who asks again.
        async Task SendAsync(string command, string name, Func<Task<SessionAck>> send)
        {
            for (var tries = 1; ; tries++)
            {
                var id = $"{name}/{tries}";
                Note(new() { ["kind"] = "command", ["id"] = id, ["cmd"] = command });
                try
                {
                    Note(new() { ["kind"] = "answer", ["id"] = id, ["seq"] = (await send()).Seq });
                    return;
                }
                catch (GatewayClientException refusal)
                {
                    Note(new() { ["kind"] = "answer", ["id"] = id, ["code"] = refusal.Code });
                    if (refusal.Code != ClientErrorCode.ConnectionLost) return;
                }
            }
        }
    }
}

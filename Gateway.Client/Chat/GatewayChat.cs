using Gateway.Client.Chat;
using Microsoft.Extensions.AI;

namespace Gateway.Client;

/// <summary>Shows workflows of a gateway as chat clients of Microsoft.Extensions.AI.</summary>
public static class GatewayChat
{
    /// <summary>A workflow as a chat client: each request runs a session of it, and answers with what its agents say.</summary>
    /// <remarks>
    /// <para>A session belongs to the gateway. A cancelled token, a loop that is left and a lost connection leave it running; every update but the
    /// last has a <see cref="ChatResponseUpdate.ContinuationToken"/>, the session and the seq, with which any client, also in another process,
    /// gets exactly the rest. With <see cref="ChatOptions.AllowBackgroundResponses"/>, a response that is not streamed comes back at once with
    /// such a token, and is polled with it. <see cref="ChatResponse.ResponseId"/> is the session.</para>
    /// <para>Each node that speaks is a message, with the agent as its author; the last message is the session's output. A try that is void
    /// is left out of a response; in a stream, the first update of the next one names it as <c>voids</c> among its additional properties.</para>
    /// <para>When somebody must answer (a review, a tool that waits for approval, a budget that is used up), the response ends with a
    /// <see cref="ToolApprovalRequestContent"/> for each question and has the session as its <see cref="ChatResponse.ConversationId"/>.
    /// The next request answers with <see cref="ToolApprovalRequestContent.CreateResponse"/>, or in words, and gets what follows.</para>
    /// <para>A session that fails or is cancelled ends the response with a <see cref="GatewayClientException"/> with its code. Models and tools
    /// are those of the workflow's agents: of <see cref="ChatOptions"/> those settings are passed over that concern a model.
    /// Disposing the chat client leaves the <see cref="GatewayClient"/> as it is.</para>
    /// </remarks>
    /// <param name="client">The client, connected.</param>
    /// <param name="workflowId">The workflow; <see cref="ChatOptions.ModelId"/> names another one for one request.</param>
    public static IChatClient AsChatClient(this GatewayClient client, string workflowId)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(workflowId);
        return new GatewayChatClient(client, workflowId);
    }
}

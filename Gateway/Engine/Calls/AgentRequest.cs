using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>What an agent's model is asked.</summary>
internal sealed record AgentRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options);

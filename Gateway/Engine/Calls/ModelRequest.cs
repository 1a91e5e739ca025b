using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>What a model is asked.</summary>
internal sealed record ModelRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options);

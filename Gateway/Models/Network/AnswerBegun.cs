using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>The answer has begun with something that can only be shown once it is whole, such as a call of a tool.</summary>
internal sealed class AnswerBegun : AIContent;

using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>What a model is asked.</summary>
/// <param name="Messages">What is said.</param>
/// <param name="Options">How to answer.</param>
internal sealed record ModelRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options)
{
    /// <summary>The tools that it may call, by their names or those of their servers.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Whether it must answer now, without a call of a tool.</summary>
    public bool MustAnswer { get; init; }

    /// <summary>How much the answer may have, in bytes of UTF-8, with what is thought before it; then the call is stopped and has failed.</summary>
    public long MaxAnswerBytes { get; init; } = long.MaxValue;
}

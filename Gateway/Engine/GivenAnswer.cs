namespace Gateway.Engine;

/// <summary>An answer that a user gave to a prompt.</summary>
/// <param name="NodeId">Whose prompt it answers.</param>
/// <param name="Content">What the user said.</param>
/// <param name="At">When it came, UTC; of an answer that was held, when it was held.</param>
internal sealed record GivenAnswer(string NodeId, string Content, DateTime At);

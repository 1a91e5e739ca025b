using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>Why a node, or its work, failed.</summary>
/// <param name="Code">One of <see cref="ErrorCode"/>, or a code of the host's own.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record NodeFailure(string Code, string Message);

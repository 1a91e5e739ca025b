namespace Gateway.Tools;

/// <summary>The call that a tool serves; a function that has a parameter of this type is given it.</summary>
public sealed class ToolCallContext
{
    /// <summary>The session that calls.</summary>
    public required string SessionId { get; init; }

    /// <summary>The node that calls.</summary>
    public required string NodeId { get; init; }

    /// <summary>Names the call within the session.</summary>
    public required string CallId { get; init; }

    /// <summary>The same for each repetition of the call, in whichever attempt and process, and for no other call.</summary>
    /// <remarks>A call whose result was lost with a process is made again. A tool that keeps the key with what it did can tell, and does it once.</remarks>
    public required string IdempotencyKey { get; init; }

    /// <summary>Which try of its node this is, from 1.</summary>
    public required int Attempt { get; init; }
}

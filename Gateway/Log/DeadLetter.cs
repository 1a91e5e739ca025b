namespace Gateway.Log;

/// <summary>What a follower of the log could not pass on, and has given up; kept until it is passed on after all, or its session is deleted.</summary>
public sealed record DeadLetter
{
    /// <summary>Its place among those of its follower, given by the store; the oldest has the lowest.</summary>
    public long Number { get; init; }

    /// <summary>The name under which the follower has sent it; unique among those of the follower.</summary>
    public required string Id { get; init; }

    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The event of the session that it tells of.</summary>
    public required long Seq { get; init; }

    /// <summary>What kind of message it is, in the follower's words.</summary>
    public required string Kind { get; init; }

    /// <summary>When it was given up, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Tries { get; init; }

    /// <summary>What was wrong the last time, as a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>What was to be passed on.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}

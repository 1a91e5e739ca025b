namespace Gateway.Contracts;

/// <summary>The payload of a <see cref="ReplyFrame"/>.</summary>
public sealed record ReplyData
{
    /// <summary>The session the command was for, when known.</summary>
    public string? SessionId { get; init; }

    /// <summary>The event at which an accepted command has taken effect, as in <see cref="SessionAck"/>.</summary>
    public long? Seq { get; init; }

    /// <summary>Why the command was refused, as a sentence.</summary>
    public string? Error { get; init; }

    /// <summary>Why the command was refused, one of <see cref="ErrorCode"/>.</summary>
    public string? Code { get; init; }

    /// <summary>The command that was refused, when it could be read.</summary>
    public string? Cmd { get; init; }
}

namespace Gateway.Log;

/// <summary>An append expected another end of the log: a second writer is at work. Nothing was written.</summary>
public sealed class LogConflictException(string sessionId, long expectedSeq, long actualSeq)
    : Exception($"The log of session '{sessionId}' ends at {actualSeq}, not at {expectedSeq}: another writer has appended to it.");

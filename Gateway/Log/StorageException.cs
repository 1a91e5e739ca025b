using Gateway.Refusals;

namespace Gateway.Log;

/// <summary>The store does not work at the moment: disk full, file locked, I/O error. Nothing was written.</summary>
/// <remarks>The message is for operators, and may name files. A client gets a sentence of its own.</remarks>
public sealed class StorageException(string message, Exception? innerException = null) : Exception(message, innerException), IClientSentence
{
    /// <summary>What a client is told in place of the usual sentence; names no file. Null: the usual sentence.</summary>
    public string? ForClients { get; init; }

    /// <summary>Whether it stays like that until somebody changes something: to try again is of no use.</summary>
    public bool IsLasting { get; init; }
}

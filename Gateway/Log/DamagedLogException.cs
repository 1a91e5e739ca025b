namespace Gateway.Log;

/// <summary>A log holds something that cannot be read; the session cannot be replayed beyond it.</summary>
public sealed class DamagedLogException(string message, Exception? innerException = null) : Exception(message, innerException);

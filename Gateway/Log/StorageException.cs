namespace Gateway.Log;

/// <summary>The store does not work at the moment: disk full, file locked, I/O error. Nothing was written.</summary>
public sealed class StorageException(string message, Exception? innerException = null) : Exception(message, innerException);

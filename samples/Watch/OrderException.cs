namespace Watch;

/// <summary>A command line that cannot be understood; the message says why.</summary>
internal sealed class OrderException(string message) : Exception(message);

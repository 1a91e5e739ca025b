namespace Gateway.Transport;

/// <summary>The system lets the process open too few files; the message says how to raise the limit.</summary>
internal sealed class DescriptorsShortException(string message) : Exception(message);

namespace Gateway.Admission;

/// <summary>The gateway does not listen on an address; the message names it and the ways out.</summary>
internal sealed class ListenRefusedException(string message) : Exception(message);

namespace Gateway.Models;

/// <summary>A model refused or broke off; the message is written for users.</summary>
/// <remarks>It names the model and the way out, never holds a key, and has no inner exception, since a provider's own may echo one.</remarks>
/// <param name="message">A sentence that may be shown to anyone.</param>
public sealed class ModelException(string message) : Exception(message);

namespace Gateway.Models;

/// <summary>A model refused or broke off; the message is written for users.</summary>
/// <remarks>It names the model and the way out, never holds a key, and has no inner exception, since a provider's own may echo one.</remarks>
/// <param name="message">A sentence that may be shown to anyone.</param>
public sealed class ModelException(string message) : Exception(message)
{
    /// <summary>Whether the next try could end otherwise; false for a refusal that stays, such as that of a wrong key.</summary>
    public bool MayPass { get; init; } = true;

    /// <summary>For how long the provider asks to be left alone; null: it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

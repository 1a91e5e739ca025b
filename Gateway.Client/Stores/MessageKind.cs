namespace Gateway.Client.Stores;

/// <summary>What a message of a <see cref="SessionStore"/> is.</summary>
public enum MessageKind
{
    /// <summary>What an agent says.</summary>
    Agent,

    /// <summary>What a user said.</summary>
    User,

    /// <summary>A question to a user.</summary>
    Prompt,
}

namespace Gateway.Workflows;

/// <summary>Whether nodes of a type have a key.</summary>
public enum KeyUse
{
    /// <summary>They do not: the key is refused.</summary>
    None,

    /// <summary>The key may be left out.</summary>
    Optional,

    /// <summary>The key must be there.</summary>
    Required,
}

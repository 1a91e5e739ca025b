namespace Gateway.Models;

/// <summary>What can happen to a call of a model.</summary>
internal enum ModelFaultKind
{
    /// <summary>Something of which only the type is known.</summary>
    Unknown,

    /// <summary>Its exception says it in words for users.</summary>
    Worded,

    /// <summary>The provider answered with an error status.</summary>
    Refused,

    /// <summary>The provider reported an error inside its answer.</summary>
    BrokeOff,

    /// <summary>The provider's certificate is not trusted, or there is no TLS.</summary>
    NotSecure,

    /// <summary>The provider cannot be reached.</summary>
    NoConnection,

    /// <summary>Something was reached that closes connections or does not speak HTTP.</summary>
    NotHttp,

    /// <summary>The connection was lost in mid-answer.</summary>
    ConnectionLost,

    /// <summary>The answer is not JSON of the expected shape.</summary>
    Unreadable,

    /// <summary>The answer did not come in time.</summary>
    TimedOut,
}

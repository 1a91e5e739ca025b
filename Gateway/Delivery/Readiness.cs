namespace Gateway.Delivery;

/// <summary>Whether a subscription has something to send.</summary>
internal enum Readiness
{
    /// <summary>Nothing at the moment.</summary>
    Nothing,

    /// <summary>Events that are encoded and ready.</summary>
    Ready,

    /// <summary>Events that have to be read from the log first.</summary>
    InLog,
}

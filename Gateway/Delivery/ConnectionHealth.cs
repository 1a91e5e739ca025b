namespace Gateway.Delivery;

/// <summary>What a look at a connection finds.</summary>
internal enum ConnectionHealth
{
    /// <summary>Nothing to do.</summary>
    Fine,

    /// <summary>Its peer takes nothing of what is written to it.</summary>
    Stalled,

    /// <summary>Its peer does not answer pings.</summary>
    Silent,
}

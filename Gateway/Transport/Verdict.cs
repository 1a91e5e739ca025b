namespace Gateway.Transport;

/// <summary>What the first bytes of a connection are.</summary>
internal enum Verdict
{
    /// <summary>Perhaps a plain upgrade; more bytes must tell.</summary>
    Incomplete,

    /// <summary>A plain upgrade.</summary>
    Upgrade,

    /// <summary>Anything else: the ordinary pipeline's.</summary>
    Ordinary,
}

namespace Gateway.Transport;

/// <summary>What the first bytes of a connection are.</summary>
internal enum Verdict
{
    /// <summary>They may begin a plain upgrade; more bytes are needed to tell.</summary>
    Incomplete,

    /// <summary>They are a plain upgrade of an address in the table.</summary>
    Upgrade,

    /// <summary>They are something else, which the ordinary pipeline answers.</summary>
    Ordinary,
}

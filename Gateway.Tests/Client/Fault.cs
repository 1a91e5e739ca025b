namespace Gateway.Tests.Client;

/// <summary>What the fake gateway does to an event on its way out.</summary>
internal enum Fault
{
    None,
    Skip,
    Double,
    Garble,
}

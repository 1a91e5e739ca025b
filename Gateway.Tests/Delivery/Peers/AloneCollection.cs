using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>Tests that measure the process run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AloneCollection
{
    public const string Name = "alone";
}

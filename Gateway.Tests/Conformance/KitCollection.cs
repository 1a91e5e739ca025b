using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>The tests that share one kit.</summary>
[CollectionDefinition(Name)]
public sealed class KitCollection : ICollectionFixture<KitProcess>
{
    public const string Name = "conformance kit";
}

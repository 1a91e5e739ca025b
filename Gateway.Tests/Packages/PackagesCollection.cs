using Xunit;

namespace Gateway.Tests.Packages;

/// <summary>The tests that share one packing and one build.</summary>
[CollectionDefinition(Name)]
public sealed class PackagesCollection : ICollectionFixture<Feed>
{
    public const string Name = "packages";
}

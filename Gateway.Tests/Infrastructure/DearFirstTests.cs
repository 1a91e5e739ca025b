using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>What <see cref="DearFirst"/> goes by.</summary>
public sealed class DearFirstTests
{
    [Fact]
    public void A_class_is_known_by_the_name_of_its_collection() =>
        Assert.StartsWith(DearFirst.NameOf(typeof(DearFirstTests)), TestContext.Current.TestCollection!.TestCollectionDisplayName, StringComparison.Ordinal);

    [Fact]
    public void The_children_of_the_tests_are_told_that_they_live_for_a_moment() => Assert.Equal("64", Environment.GetEnvironmentVariable(ShortLives.Setting));
}

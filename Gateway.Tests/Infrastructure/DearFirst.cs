using Gateway.Tests.Conformance;
using Gateway.Tests.Contracts.AsyncApi;
using Gateway.Tests.Crash;
using Gateway.Tests.Packages;
using Gateway.Tests.Processes;
using Gateway.Tests.Samples;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer<Gateway.Tests.Infrastructure.DearFirst>]

namespace Gateway.Tests.Infrastructure;

/// <summary>Starts the collections that take longest first, and the others in a random order, as xunit does by itself.</summary>
/// <remarks>A class with a collection of its own that takes a minute, begun last, would let the processors wait for it alone.</remarks>
public sealed class DearFirst : ITestCollectionOrderer
{
    // The dearest first.
    private static readonly string[] s_dear =
    [
        NameOf(typeof(KillMatrixTests)), KitCollection.Name, NameOf(typeof(AotWatchTests)), PackagesCollection.Name,
        NameOf(typeof(SoakTests)), NameOf(typeof(SystemTests)), NameOf(typeof(AsyncApiTests)),
    ];

    /// <summary>What the name of the collection of a class begins with that has one to itself.</summary>
    public static string NameOf(Type testClass) => $"Test collection for {testClass.FullName} (";

    /// <inheritdoc/>
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection
    {
        var mixed = testCollections.ToArray();
        Random.Shared.Shuffle(mixed);
        return [.. mixed.OrderBy(collection => Place(collection.TestCollectionDisplayName))];
    }

    private static int Place(string name)
    {
        var place = Array.FindIndex(s_dear, dear => name.StartsWith(dear, StringComparison.Ordinal));
        return place < 0 ? s_dear.Length : place;
    }
}

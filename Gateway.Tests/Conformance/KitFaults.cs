extern alias Benchmarks;

using Benchmarks::Gateway.Benchmarks.Conformance.Check;
using Benchmarks::Gateway.Benchmarks.Conformance.Faults;

namespace Gateway.Tests.Conformance;

/// <summary>The names of all faults that the kit plays, and of what it checks.</summary>
internal static class KitFaults
{
    public static IReadOnlyList<string> All { get; } = [.. Fault.All.Select(fault => fault.Name)];

    /// <summary>The names of all promises that its checker knows.</summary>
    public static IReadOnlyList<string> Promises => Promise.All;
}

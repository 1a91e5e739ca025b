extern alias Benchmarks;

using Benchmarks::Gateway.Benchmarks.Conformance.Faults;

namespace Gateway.Tests.Conformance;

/// <summary>The names of all faults that the kit plays.</summary>
internal static class KitFaults
{
    public static IReadOnlyList<string> All { get; } = [.. Fault.All.Select(fault => fault.Name)];
}

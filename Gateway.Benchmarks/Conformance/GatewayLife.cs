namespace Gateway.Benchmarks.Conformance;

/// <summary>One process of the gateway.</summary>
/// <param name="Number">Which it is on its log, from 1.</param>
/// <param name="Address">Where it listens.</param>
internal sealed record GatewayLife(int Number, Uri Address);

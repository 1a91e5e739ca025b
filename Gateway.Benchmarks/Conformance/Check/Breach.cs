namespace Gateway.Benchmarks.Conformance.Check;

/// <summary>A promise that a recording breaks.</summary>
/// <param name="Promise">One of <see cref="Check.Promise"/>.</param>
/// <param name="Sentence">How, for people.</param>
internal sealed record Breach(string Promise, string Sentence);

namespace Gateway.Benchmarks.Sessions.Measures;

/// <summary>What the gateway has counted of itself since its start.</summary>
/// <param name="Appended">Events that its log was given.</param>
/// <param name="Appends">In how many appends.</param>
/// <param name="Commits">In how many commits.</param>
/// <param name="Sent">Events sent to viewers.</param>
/// <param name="Writes">In how many writes.</param>
/// <param name="Allocated">Bytes of objects.</param>
/// <param name="PauseMilliseconds">How long collections of garbage held it up.</param>
/// <param name="Collections">How many collections there were.</param>
internal sealed record ServerCounts(long Appended, long Appends, long Commits, long Sent, long Writes, long Allocated, double PauseMilliseconds, int Collections);

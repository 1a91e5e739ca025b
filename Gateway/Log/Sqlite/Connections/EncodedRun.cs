namespace Gateway.Log.Sqlite.Connections;

/// <summary>A <see cref="MergedRun"/> as it is stored.</summary>
/// <param name="From">Seq of the first chunk.</param>
/// <param name="To">Seq of the last chunk.</param>
/// <param name="Frame">The merged event as JSON.</param>
/// <param name="Parts">The lengths of the chunks; see <see cref="PartLengths"/>.</param>
internal sealed record EncodedRun(long From, long To, byte[] Frame, byte[] Parts);

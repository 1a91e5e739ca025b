using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>Neighbouring token chunks of one speaker as one event.</summary>
/// <param name="Event">Stands for the run: the whole text, with seq and time of the last chunk.</param>
/// <param name="Lengths">The length of each chunk, in chars; tells what a reader has seen who resumes inside the run.</param>
internal sealed record MergedRun(SessionEvent<TokenStream> Event, int[] Lengths)
{
    /// <summary>Seq of the first chunk.</summary>
    public long From => Event.MergedFrom!.Value;

    /// <summary>Seq of the last chunk.</summary>
    public long To => Event.Seq;
}

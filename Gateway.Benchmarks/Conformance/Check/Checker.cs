using System.Text.Json.Nodes;
using Gateway.Benchmarks.Conformance.Faults;

namespace Gateway.Benchmarks.Conformance.Check;

/// <summary>Holds what a client recorded against what happened, and says which promises broke.</summary>
/// <remarks>One breach of each kind is told: the first one. The rest usually follows from it.</remarks>
internal static class Checker
{
    /// <summary>Checks a recording; nothing is returned when every promise is kept.</summary>
    public static IReadOnlyList<Breach> Check(Recording recording, SessionTruth truth)
    {
        var breaches = new List<Breach>();
        var isSentAway = truth.Fault == Fault.Goodbye && truth.Played.Count > 0;
        if (truth.Fault != Fault.None && truth.Played.Count == 0) breaches.Add(new Breach(Promise.Tried, $"'{truth.Fault.Name}' did not happen to session '{truth.SessionId}': was '?fault={truth.Fault.Name}' in the address, and was the session long enough?"));

        breaches.AddRange(Order(recording));
        breaches.AddRange(Faith(recording, truth));
        breaches.AddRange(isSentAway ? Obedience(recording, truth) : Rest(recording, truth));
        breaches.AddRange(Answers(recording));
        if (!recording.IsEnded) breaches.Add(new Breach(Promise.Ended, "The recording has no line of kind 'end': the client did not come to its end."));
        return [.. breaches.DistinctBy(breach => breach.Promise)];
    }

    private static IEnumerable<Breach> Order(Recording recording)
    {
        var (seen, highest) = (new HashSet<long>(), 0L);
        foreach (var frame in recording.Events)
        {
            var seq = Seq(frame);
            if (!seen.Add(seq)) yield return new Breach(Promise.Once, $"Event {seq} came twice.");
            else if (seq > highest && First(frame) is var first and > 0 && first <= highest) yield return new Breach(Promise.Once, $"Event {highest} came twice: by itself, or in a run, and again in the run from {first} to {seq}.");
            else if (seq < highest) yield return new Breach(Promise.Ordered, $"Event {seq} came after event {highest}.");
            highest = Math.Max(highest, seq);
        }
    }

    private static IEnumerable<Breach> Faith(Recording recording, SessionTruth truth)
    {
        foreach (var frame in recording.Events)
        {
            var (first, last) = (First(frame), Seq(frame));
            if (first < 1 || last > truth.Log.Count || first > last) yield return new Breach(Promise.Faithful, $"Event {last} is not in the log, which ends with {truth.Log.Count}.");
            else if (!Says(frame, truth, first, last)) yield return new Breach(Promise.Faithful, $"Event {last} is not what the log has: {frame.ToJsonString()} instead of {truth.Log[(int)last - 1].ToJsonString()}.");
        }
    }

    private static bool Says(JsonObject frame, SessionTruth truth, long first, long last)
    {
        var logged = (JsonObject)truth.Log[(int)last - 1].DeepClone();
        if (first < last) logged["data"]!["chunk"] = string.Concat(truth.Log.Skip((int)first - 1).Take((int)(last - first + 1)).Select(piece => piece["data"]?["chunk"]?.GetValue<string>()));
        var clockJumped = truth.Fault == Fault.Clock && truth.Played.Contains(last);
        return SameEvent.Includes(frame, logged, withTime: !clockJumped);
    }

    private static IEnumerable<Breach> Rest(Recording recording, SessionTruth truth)
    {
        var heard = Heard(recording, truth);
        var missing = truth.Log.Select(Seq).Where(seq => !heard.Contains(seq)).ToList();
        if (missing.Count > 0)
        {
            // Where nothing came any more after a fault, that is what is wrong.
            var last = heard.Count == 0 ? 0 : heard.Max();
            if (missing[0] > last && truth.Played.Where(place => place >= last).DefaultIfEmpty(0).Min() is > 0 and var place) yield return new Breach(Promise.Returned, $"After '{truth.Fault.Name}' at event {place} nothing came any more.");
            else yield return new Breach(Promise.Complete, $"Event {missing[0]} never came, and {missing.Count - 1} more.");
        }

        foreach (var prompt in truth.Prompts.Where(prompt => !recording.Prompts.Contains(prompt))) yield return new Breach(Promise.Prompts, $"The question '{prompt}' was never shown.");
        foreach (var (node, text) in truth.Texts)
        {
            var shown = recording.Texts.GetValueOrDefault(node);
            if (shown != text && (shown is not null || text.Length > 0)) yield return new Breach(Promise.Text, shown is null ? $"Of node '{node}' no text is shown." : $"Of node '{node}' is shown '{shown}', and it said '{text}'.");
        }

        foreach (var node in recording.Texts.Keys.Where(node => !truth.Texts.ContainsKey(node))) yield return new Breach(Promise.Text, $"There is no node '{node}', of which text is shown.");
        if (recording.IsClosed) yield return new Breach(Promise.Returned, "The client gave up, and nobody had told it to.");
    }

    private static IEnumerable<Breach> Obedience(Recording recording, SessionTruth truth)
    {
        var last = truth.Played[0];
        if (truth.AfterGoodbye > 0 || recording.Events.Any(frame => Seq(frame) > last)) yield return new Breach(Promise.Obeyed, $"The client came back after event {last}, with which it was told not to.");
        if (!recording.IsClosed) yield return new Breach(Promise.Obeyed, "The recording has no line of kind 'closed': nobody was told that the client does not come back.");
        var heard = Heard(recording, truth);
        if (Range(1, last).FirstOrDefault(seq => !heard.Contains(seq)) is > 0 and var missing) yield return new Breach(Promise.Complete, $"Event {missing} never came.");
    }

    private static IEnumerable<Breach> Answers(Recording recording)
    {
        foreach (var (id, name) in recording.Commands)
        {
            var count = recording.Answers.Count(answer => answer == id);
            if (count != 1) yield return new Breach(Promise.Answered, $"Command '{id}' ({name}) had {(count == 0 ? "no answer" : $"{count} answers")}.");
        }

        var asked = recording.Commands.Select(command => command.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in recording.Answers.Where(id => !asked.Contains(id))) yield return new Breach(Promise.Answered, $"'{id}' was answered and is no command.");
    }

    private static long Seq(JsonObject frame) => frame["seq"]!.GetValue<long>();

    private static long First(JsonObject frame) => frame["merged_from"] is JsonValue from && from.TryGetValue<long>(out var first) ? first : Seq(frame);

    // What stands for a run that cannot be stands for itself only.
    private static HashSet<long> Heard(Recording recording, SessionTruth truth)
    {
        var heard = new HashSet<long>();
        foreach (var frame in recording.Events)
        {
            var (first, last) = (First(frame), Seq(frame));
            if (first < 1 || last > truth.Log.Count) first = last;
            heard.UnionWith(Range(first, last));
        }

        return heard;
    }

    private static IEnumerable<long> Range(long first, long last)
    {
        for (var seq = first; seq <= last; seq++) yield return seq;
    }
}

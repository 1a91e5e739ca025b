namespace Gateway.Log.Memory;

/// <summary>What followers could not pass on, in memory; used under the lock of <see cref="MemorySessionLog"/>.</summary>
internal sealed class MemoryDeadLetters
{
    private readonly Dictionary<string, SortedList<long, (long Session, DeadLetter Letter)>> _letters = new(StringComparer.Ordinal);
    private long _added;

    public void Add(string follower, long session, DeadLetter letter, int keep)
    {
        if (!_letters.TryGetValue(follower, out var all)) _letters.Add(follower, all = []);
        var known = all.Values.Where(kept => kept.Session == session && kept.Letter.Seq == letter.Seq).Select(kept => kept.Letter).FirstOrDefault();
        var number = known?.Number ?? ++_added;
        all[number] = (session, (known ?? letter) with { Number = number, At = letter.At, Tries = letter.Tries, Reason = letter.Reason });
        while (all.Count > keep) all.RemoveAt(0);
    }

    public IReadOnlyList<DeadLetter> List(string follower, long after, int limit) =>
        [.. Of(follower).Where(letter => letter.Number > after).Take(limit)];

    public DeadLetter? Find(string follower, string id) => Of(follower).FirstOrDefault(letter => letter.Id == id);

    public int Count(string follower) => Of(follower).Count();

    public bool Remove(string follower, string id) => Find(follower, id) is { } letter && _letters[follower].Remove(letter.Number);

    public void RemoveAll(long session)
    {
        foreach (var all in _letters.Values)
        {
            foreach (var number in all.Where(kept => kept.Value.Session == session).Select(kept => kept.Key).ToList()) all.Remove(number);
        }
    }

    private IEnumerable<DeadLetter> Of(string follower) => _letters.TryGetValue(follower, out var all) ? all.Values.Select(kept => kept.Letter) : [];
}

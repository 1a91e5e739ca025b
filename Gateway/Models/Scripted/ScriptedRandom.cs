namespace Gateway.Models.Scripted;

/// <summary>A random source (SplitMix64) whose sequence is the same on every machine and runtime.</summary>
internal sealed class ScriptedRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 up to, not including, <paramref name="limit"/>.</summary>
    public int Next(int limit)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)limit);
    }

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>The items in another order.</summary>
    public T[] Shuffled<T>(IReadOnlyList<T> items)
    {
        var shuffled = items.ToArray();
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }
        return shuffled;
    }
}

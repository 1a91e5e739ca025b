namespace Gateway.Workflows;

/// <summary>The properties of a node of a <see cref="NextIdsGraph"/>, taken one by one; what nobody takes has no counterpart.</summary>
internal sealed class NextIdsProperties
{
    private readonly Dictionary<string, SourceEntry> _left = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly SourceProblems _problems;

    /// <summary>The properties of a node.</summary>
    public NextIdsProperties(SourceNode? properties, string path, SourceProblems problems)
    {
        (_path, _problems) = (path, problems);
        if (properties is SourceMapping mapping)
        {
            foreach (var entry in mapping.Entries.Where(entry => entry.Value is not SourceNull)) _left[entry.Key] = entry;
        }
        else if (properties is not (null or SourceNull))
        {
            problems.Report(properties.At, path, "Expected keys with values.");
        }
    }

    /// <summary>Takes a single value; null when there is none, or it is a list or keys.</summary>
    public NextIdsProperty? Take(string key)
    {
        if (!_left.TryGetValue(key, out var entry) || entry.Value is not SourceScalar value) return null;
        _left.Remove(key);
        return new NextIdsProperty(key, entry.At, value);
    }

    /// <summary>Takes all that are left.</summary>
    public IEnumerable<SourceEntry> TakeAll()
    {
        SourceEntry[] all = [.. _left.Values];
        _left.Clear();
        return all;
    }

    /// <summary>Reports what was not taken.</summary>
    public void RefuseRest(string? type)
    {
        foreach (var entry in _left.Values)
        {
            _problems.Report(entry.At, SourcePath.Member(_path, entry.Key), $"'{Naming.Show(entry.Key)}' of a node of type '{Naming.Show(type ?? string.Empty)}' has no counterpart here; take it out.");
        }
    }
}

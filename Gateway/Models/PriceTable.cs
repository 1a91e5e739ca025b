using Gateway.Files;

namespace Gateway.Models;

/// <summary>The prices of the configured files, as they were read last; of the same model, those in the later file win.</summary>
internal sealed class PriceTable
{
    private readonly WatchedFile[] _files;
    private readonly Dictionary<string, ModelPrices>[] _read;
    private volatile Dictionary<string, ModelPrices> _prices = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A table of these files, not read yet.</summary>
    public PriceTable(IEnumerable<string> paths)
    {
        _files = [.. paths.Select(path => new WatchedFile(path))];
        _read = new Dictionary<string, ModelPrices>[_files.Length];
    }

    /// <summary>Whether there are files.</summary>
    public bool HasFiles => _files.Length > 0;

    /// <summary>How many models have prices.</summary>
    public int Count => _prices.Count;

    /// <summary>Finds the prices of the first of some names that has any; all unknown when none has.</summary>
    public ModelPrices Find(params IEnumerable<string?> names)
    {
        var prices = _prices;
        foreach (var name in names)
        {
            if (!string.IsNullOrWhiteSpace(name) && prices.TryGetValue(name, out var found)) return found;
        }

        return default;
    }

    /// <summary>Reads the files that have changed; one that cannot be read keeps its prices.</summary>
    /// <param name="settles">Whether a change must be seen by two calls before it counts.</param>
    /// <param name="problems">Takes a sentence for each file that cannot be read.</param>
    /// <returns>Whether anything was read.</returns>
    public bool Refresh(bool settles, List<string> problems)
    {
        var hasRead = false;
        for (var i = 0; i < _files.Length; i++)
        {
            if (!_files[i].HasChanged(settles)) continue;
            try
            {
                _read[i] = PriceFile.Read(Content(_files[i].Path));
                hasRead = true;
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                problems.Add($"{_files[i].Path}: {exception.Message}");
            }
        }

        if (!hasRead) return false;
        var all = new Dictionary<string, ModelPrices>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, prices) in _read.Where(read => read is not null).SelectMany(read => read)) all[name] = prices;
        _prices = all;
        return true;
    }

    private static byte[] Content(string path) =>
        RegularFile.ReadAll(path, PriceFile.MaxLength, length => new FormatException($"The file has {length} bytes; a file of prices has at most {PriceFile.MaxLength}."));
}

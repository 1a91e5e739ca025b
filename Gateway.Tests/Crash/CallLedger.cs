using System.Globalization;

namespace Gateway.Tests.Crash;

/// <summary>The model calls that all lives of a gateway have made, as their models noted them.</summary>
internal static class CallLedger
{
    /// <summary>The nodes whose models were called, by life and session.</summary>
    public static ILookup<(int Life, string SessionId), string> Read(string file) => (File.Exists(file) ? File.ReadLines(file) : [])
        .Select(line => line.Split(' '))
        .ToLookup(parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]), parts => parts[2]);
}

using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>How large what a map goes over may be, since lists come from anybody.</summary>
internal static class MapBounds
{
    /// <summary>The most items of one list.</summary>
    public const int Items = 1000;

    private const int Bytes = 1024 * 1024;

    // Nodes and the ways between them, of the items of all maps of a session.
    private const int Parts = 50_000;

    /// <summary>Why a map cannot go over a list, as a sentence; null when it can.</summary>
    public static string? Refuse(SessionState session, WorkflowNode map, JsonElement list)
    {
        var count = list.GetArrayLength();
        if (count > Items) return $"The list has {count} items, and a map goes over at most {Items}; make it shorter, or let each item hold several things.";
        if (JsonMarshal.GetRawUtf8Value(list).Length > Bytes) return $"The list has more than {Bytes / 1024} KiB of JSON, and a map goes over at most that.";
        var known = session.Nodes.Sum(node => node.Node.Map is null ? 0 : 1 + node.Node.Successors.Count);

        // An earlier round of a loop around the map has made some of them.
        var more = map.PatternOfItem().Sum(node => 1 + node.Successors.Count) * (long)Math.Max(0, count - (map.Body.Count / map.Pattern.Count));
        return known + more > Parts ? $"The {count} items would make {more} nodes and ways between them, beside {known} of other items; a session has at most {Parts}." : null;
    }
}

using System.Text.Json;

namespace Gateway.Engine;

/// <summary>What a map hands on as JSON: a list of what its items do.</summary>
internal static class MapOutput
{
    /// <summary>For each item in order: the JSON that came back from it, or the text where that is none; null where nothing came back.</summary>
    public static JsonElement Of(SessionState session, NodeState map)
    {
        var returned = map.Node.Returns.Where(last => last.Item < map.ItemCount && session[last].HasLedTo(map.Id)).ToLookup(last => last.Item, last => session[last]);
        return JsonParts.Write(json =>
        {
            json.WriteStartArray();
            for (var item = 0; item < map.ItemCount; item++)
            {
                session.Steps.Take();
                var last = returned[item].ToList();
                if (last.Count == 0) json.WriteNullValue();
                else if (last.Count == 1 && NodeScope.JsonOf(last[0], session.Steps) is { } value) value.WriteTo(json);
                else json.WriteStringValue(SessionOutput.From(session, last) ?? string.Empty);
            }

            json.WriteEndArray();
        });
    }
}

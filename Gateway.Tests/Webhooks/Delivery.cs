using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Webhooks;

/// <summary>A message as it came.</summary>
internal sealed record Delivery(string Id, string Timestamp, string Body, IHeaderDictionary Headers)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public string SessionId => Data.GetProperty("session_id").GetString()!;

    public long Seq => Data.GetProperty("seq").GetInt64();

    public JsonElement Data => Json.GetProperty("data");

    private JsonElement Json => JsonElement.Parse(Body);
}

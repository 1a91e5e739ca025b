using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>How much may be consumed before the session stands still and asks whether to go on; with several measures, the first that is used up counts.</summary>
[DataContract]
public sealed record BudgetPolicy
{
    /// <summary>Tokens that models read and write; absent: any number.</summary>
    [DataMember(Name = "tokens")]
    public long? Tokens { get; init; }

    /// <summary>US dollars, as models are priced; absent: any amount. Each model that it concerns needs a price.</summary>
    [DataMember(Name = "usd")]
    public decimal? Usd { get; init => field = value is { } amount ? Amount.Normalize(amount) : null; }

    /// <summary>Time at work, such as <c>90s</c>, <c>10m</c>, <c>2h</c>, or a number of seconds; absent: any. While the session is paused or only waits for somebody, it stands still.</summary>
    [DataMember(Name = "duration"), JsonConverter(typeof(TimeTextConverter))]
    public string? Duration { get; init; }
}

using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>What counts against a budget.</summary>
[DataContract]
public sealed record BudgetSpent
{
    /// <summary>Tokens read and written.</summary>
    [DataMember(Name = "tokens")]
    public required long Tokens { get; init; }

    /// <summary>US dollars, of the calls whose model has a price.</summary>
    [DataMember(Name = "usd")]
    public required decimal Usd { get; init => field = Amount.Normalize(value); }

    /// <summary>Seconds at work.</summary>
    [DataMember(Name = "seconds")]
    public required decimal Seconds { get; init => field = Amount.Normalize(value); }
}

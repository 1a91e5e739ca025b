using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>How far a budget is used up.</summary>
[DataContract]
public sealed record BudgetSnapshot
{
    /// <summary>How much may be consumed now, with what users have raised it by.</summary>
    [DataMember(Name = "limit")]
    public required BudgetPolicy Limit { get; init; }

    /// <summary>What has been consumed.</summary>
    [DataMember(Name = "spent")]
    public required BudgetSpent Spent { get; init; }

    /// <summary>True when it has been warned that the budget is nearly used up, since it was raised last; absent otherwise.</summary>
    [DataMember(Name = "warned")]
    public bool? Warned { get; init; }
}

using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>When the work of a node that failed is tried again, as a new attempt.</summary>
/// <remarks>A failure that the next try would meet, too, such as a wrong key, is not tried again.</remarks>
[DataContract]
public sealed record RetryPolicy
{
    /// <summary>How often it is tried again, 0 to 10; absent: 3. Each fallback model is tried again as often.</summary>
    [DataMember(Name = "max")]
    public int? Max { get; init; }

    /// <summary>The wait before the first retry, such as <c>2s</c>, doubled with each further one; absent: 1s. What a provider asks for with <c>Retry-After</c> is waited for, too.</summary>
    [DataMember(Name = "backoff"), JsonConverter(typeof(TimeTextConverter))]
    public string? Backoff { get; init; }

    /// <summary>By which share a wait may be longer or shorter, 0 to 1, so that not all nodes try again at the same moment; absent: 0.25.</summary>
    [DataMember(Name = "jitter")]
    public double? Jitter { get; init; }

    /// <summary>For which failures, by their codes, such as <c>model_timeout</c>; absent: for all that may pass.</summary>
    [DataMember(Name = "on")]
    public IReadOnlyList<string>? On { get; init; }

    /// <summary>Whether it is tried again although a part of the answer has been shown, which is void then; absent: false.</summary>
    [DataMember(Name = "restart")]
    public bool? Restart { get; init; }
}

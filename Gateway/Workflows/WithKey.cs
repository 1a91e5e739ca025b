namespace Gateway.Workflows;

/// <summary>A key that nodes of a type take inside <c>with</c>.</summary>
/// <param name="Name">Its name, such as <c>max_rounds</c>.</param>
/// <param name="Value">What its value must be.</param>
/// <param name="IsRequired">Whether it must be there. Where it must, it is there and of that kind whenever the node runs.</param>
public sealed record WithKey(string Name, WithValue Value, bool IsRequired = false);

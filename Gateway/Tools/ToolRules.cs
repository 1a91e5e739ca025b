namespace Gateway.Tools;

/// <summary>What the gateway's settings say of a tool.</summary>
/// <param name="Approval">When a person must approve its calls, one of <see cref="Gateway.Contracts.ToolApproval"/>.</param>
/// <param name="Timeout">How long a call may take.</param>
internal readonly record struct ToolRules(string Approval, TimeSpan Timeout);

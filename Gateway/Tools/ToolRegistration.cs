using Microsoft.Extensions.AI;

namespace Gateway.Tools;

/// <summary>A function that is a tool.</summary>
/// <param name="Create">Makes it, once.</param>
/// <param name="Approval">When a person must approve its calls, one of <see cref="Gateway.Contracts.ToolApproval"/>.</param>
/// <param name="IsBuiltIn">Whether it comes with the gateway, and gives way to one of the host with its name.</param>
internal sealed record ToolRegistration(Func<IServiceProvider, AIFunction> Create, string Approval, bool IsBuiltIn = false);

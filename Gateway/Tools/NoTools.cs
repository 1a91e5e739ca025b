using Gateway.Contracts;
using Microsoft.Extensions.AI;

namespace Gateway.Tools;

/// <summary>A catalog without tools.</summary>
internal sealed class NoTools : IToolCatalog
{
    private NoTools()
    {
    }

    public static NoTools Instance { get; } = new();

    public IEnumerable<string> Names => [];

    public int MaxLength => 0;

    public bool MayHave(string name) => false;

    public bool IsServer(string name) => false;

    public ToolRules RulesOf(string name) => new(ToolApproval.Never, TimeSpan.FromMinutes(1));

    public Task<IReadOnlyList<AIFunctionDeclaration>> DescribeAsync(IEnumerable<string> names, CancellationToken cancellationToken) =>
        throw new ToolException(ErrorCode.ToolUnavailable, "This gateway has no tools.");

    public Task<string> CallAsync(ToolInvocation call, CancellationToken cancellationToken) => throw new ToolException(ErrorCode.ToolUnavailable, "This gateway has no tools.");
}

using Microsoft.Extensions.AI;

namespace Gateway.Tools;

/// <summary>The tools of this gateway: functions of .NET, and those of its servers.</summary>
internal interface IToolCatalog
{
    /// <summary>The names that a workflow may give: functions, servers, and what is known of the servers' tools.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Whether there is such a tool, or such a server, as far as is known without asking a server.</summary>
    bool MayHave(string name);

    /// <summary>Whether a name is that of a server, and so of all its tools.</summary>
    bool IsServer(string name);

    /// <summary>What the settings say of a tool.</summary>
    ToolRules RulesOf(string name);

    /// <summary>What models are told about the tools of these names; of a server all of them.</summary>
    /// <exception cref="ToolException"><c>tool_unavailable</c>: there is none, or its server cannot be reached.</exception>
    Task<IReadOnlyList<AIFunctionDeclaration>> DescribeAsync(IEnumerable<string> names, CancellationToken cancellationToken);

    /// <summary>Calls a tool; returns what it answered.</summary>
    /// <exception cref="ToolException">The call failed.</exception>
    Task<string> CallAsync(ToolInvocation call, CancellationToken cancellationToken);

    /// <summary>How many characters of arguments and results are kept.</summary>
    int MaxLength { get; }
}

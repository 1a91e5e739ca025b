using Microsoft.Extensions.AI;

namespace Gateway.Tools;

/// <summary>A server with tools of its own, which are known once it is asked.</summary>
internal interface IToolServer
{
    /// <summary>Its name in the configuration; its tools are called <c>name__tool</c>.</summary>
    string Name { get; }

    /// <summary>When a person must approve the calls of its tools; null: as is said elsewhere.</summary>
    string? Approval { get; }

    /// <summary>How long a call may take; null: as for all tools.</summary>
    TimeSpan? Timeout { get; }

    /// <summary>The names of its tools, as agents know them; null while nobody can tell.</summary>
    IReadOnlyCollection<string>? KnownNames { get; }

    /// <summary>Its tools, under the names that agents know; starts it where it does not run.</summary>
    /// <exception cref="ToolException"><c>tool_unavailable</c>: it cannot be reached, with what it said.</exception>
    Task<IReadOnlyList<AIFunctionDeclaration>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Calls one of its tools; returns what it answered.</summary>
    /// <exception cref="ToolException">The call failed.</exception>
    Task<string> CallAsync(ToolInvocation call, CancellationToken cancellationToken);
}

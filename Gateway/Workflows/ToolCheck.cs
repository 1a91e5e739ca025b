using Gateway.Contracts;
using Gateway.Tools;

namespace Gateway.Workflows;

/// <summary>Checks what a definition says about tools against those that there are.</summary>
/// <remarks>Of an MCP server that has not been asked yet every tool may be there; whether it is, its agent's node finds out.</remarks>
internal sealed class ToolCheck(IToolCatalog tools)
{
    /// <summary>Reports a tool that this gateway does not have.</summary>
    public void Require(string path, string? tool, bool mayBeServer, ProblemList problems)
    {
        if (string.IsNullOrEmpty(tool)) problems.Add(path, "The tool is missing; name one.");
        else if (!tools.MayHave(tool)) problems.AddUnknown(path, $"There is no tool '{Naming.Show(tool)}'", tool, tools.Names);
        else if (!mayBeServer && tools.IsServer(tool)) problems.Add(path, $"'{tool}' is an MCP server; name one of its tools, as '{ToolName.Of(tool, "...")}'.");
    }

    /// <summary>Reports what is wrong with what an agent says about its tools.</summary>
    public void Check(string path, AgentDefinition agent, ProblemList problems)
    {
        if (agent.MaxToolRounds is { } rounds && !ToolLimits.HasRounds(rounds)) problems.Add($"{path}.max_tool_rounds", ToolLimits.Rounds);
        var named = agent.Tools ?? [];
        if (named.Count > ToolLimits.MostTools) problems.Add($"{path}.tools", ToolLimits.Tools);
        foreach (var (index, tool) in named.Take(ToolLimits.MostTools).Index()) Require($"{path}.tools[{index}]", tool, mayBeServer: true, problems);
        foreach (var (tool, approval) in agent.Approval ?? new Dictionary<string, string>())
        {
            var at = $"{path}.approval.{Naming.Show(tool)}";
            if (approval is null || !ToolApproval.All.Contains(approval)) problems.Add(at, $"'{Naming.Show(approval ?? string.Empty)}' is none of {string.Join(", ", ToolApproval.All)}.");
            Require(at, tool, mayBeServer: true, problems);
        }
    }
}

namespace Gateway.Contracts;

/// <summary>What kind of decision a prompt asks for, where it is none of a workflow's own reviews.</summary>
public static class PromptKind
{
    /// <summary>Whether a tool may be called with the arguments in the prompt's <c>data</c>.</summary>
    public const string ToolApproval = "tool_approval";

    /// <summary>What follows where a budget is used up: its <c>data</c> says how much may be and was consumed.</summary>
    public const string Budget = "budget";
}

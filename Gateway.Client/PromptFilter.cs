namespace Gateway.Client;

/// <summary>Which of the prompts that wait for a person <see cref="GatewayClient.PromptsAsync"/> lists.</summary>
public sealed record PromptFilter
{
    /// <summary>Only prompts that this person may answer: those for them, and those for anybody; null: all.</summary>
    public string? Assignee { get; init; }

    /// <summary>Only prompts of sessions of this workflow; null: of all.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Only prompts that have waited at least so long; null: all.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>How many are asked for at a time, 1 to 500; null: as many as the gateway likes.</summary>
    public int? PageSize { get; init; }
}

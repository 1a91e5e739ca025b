namespace Gateway.Workflows;

/// <summary>What is at work for the nodes of a type while they run.</summary>
public enum WorkUse
{
    /// <summary>Nothing that could be tried again: the engine decides, a person answers, or other nodes run.</summary>
    None,

    /// <summary>A tool.</summary>
    Tool,

    /// <summary>A model, and the tools that it calls.</summary>
    Model,
}

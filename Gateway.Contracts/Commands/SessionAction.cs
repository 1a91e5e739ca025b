namespace Gateway.Contracts;

/// <summary>How a command that steers a session is asked for over HTTP: <c>POST /sessions/{id}/{path}</c>.</summary>
public sealed class SessionAction
{
    internal SessionAction(string path, string summary)
    {
        Path = path;
        Summary = summary;
    }

    /// <summary>The last part of the address.</summary>
    public string Path { get; }

    /// <summary>What the command does, as a sentence.</summary>
    public string Summary { get; }

    /// <summary>More sentences about it.</summary>
    public string? Description { get; init; }

    /// <summary>A body that works, as JSON; null when the command takes no body.</summary>
    public string? BodyExample { get; init; }

    /// <summary>The codes it may be refused with, beyond those of every such command.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];
}

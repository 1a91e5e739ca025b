using System.Text.Json.Serialization.Metadata;

namespace Gateway.Contracts;

/// <summary>A row of <see cref="CommandTable"/>: how one command is asked for on each door.</summary>
public sealed class CommandInfo
{
    internal CommandInfo(string name, JsonTypeInfo? data, params string[] hubMethods)
    {
        Name = name;
        Data = data;
        HubMethods = hubMethods;
    }

    /// <summary>The <c>cmd</c> of a frame on <c>/ws</c>.</summary>
    public string Name { get; }

    /// <summary>The record of its <c>data</c>, as JSON; null when it has none.</summary>
    public JsonTypeInfo? Data { get; }

    /// <summary>The methods of <see cref="IWorkflowHub"/> that ask for it.</summary>
    public IReadOnlyList<string> HubMethods { get; }

    /// <summary>How it is asked for over HTTP; set for every command that steers a session.</summary>
    public SessionAction? Action { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

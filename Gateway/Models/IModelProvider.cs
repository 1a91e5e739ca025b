using Microsoft.Extensions.AI;

namespace Gateway.Models;

/// <summary>A kind of model, such as every server that speaks OpenAI's API; a row in the table of providers.</summary>
public interface IModelProvider
{
    /// <summary>What <c>Gateway:Models:&lt;name&gt;:Provider</c> says to choose it; a model of this name need not say it.</summary>
    string Name { get; }

    /// <summary>Whether the answers are computed in this process.</summary>
    /// <remarks>Such answers cost nothing, pause with the session, and their model is the default only while there is no other.</remarks>
    bool IsLocal { get; }

    /// <summary>Whether there is a model of the provider's name although none is configured.</summary>
    bool HasOwnModel { get; }

    /// <summary>Finds what the provider misses in the settings of one model, a sentence each.</summary>
    /// <param name="setting">The name of the model's section, such as <c>Gateway:Models:gpt</c>.</param>
    /// <param name="options">The settings.</param>
    IEnumerable<string> FindProblems(string setting, ModelOptions options);

    /// <summary>Creates the client of one model; the catalog disposes it.</summary>
    /// <param name="name">The model's name in the configuration.</param>
    /// <param name="options">Its settings, in which nothing is missing.</param>
    IChatClient CreateClient(string name, ModelOptions options);
}

using System.Reflection;
using System.Runtime.Serialization;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Takes a problem's sentence apart, into what is wrong and the way out.</summary>
/// <remarks>A sentence is written as "what is wrong; the way out.", or says what was expected and found. Else the way out is what the key is for.</remarks>
internal sealed class ProblemHints(NodeShapes shapes)
{
    private const string Expected = "Expected ";
    private const string Unreadable = "Mend this first: the rest can only be checked once the text can be read.";

    /// <summary>What is wrong, as a sentence, and the way out, as another; null where there is none to tell.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="workflow">What could be read of the definition.</param>
    public (string Message, string? Hint) Of(WorkflowFileProblem problem, WorkflowDefinition? workflow)
    {
        var message = problem.Message;
        var at = message.LastIndexOf("; ", StringComparison.Ordinal);
        if (at > 0) return (message[..at] + ".", char.ToUpperInvariant(message[at + 2]) + message[(at + 3)..]);
        if (WordsOf(problem.Path, workflow) is { } words) return (message, words);
        if (message.StartsWith(Expected, StringComparison.Ordinal))
        {
            var end = message.IndexOf(", not ", StringComparison.Ordinal);
            return (message, $"Write {message[Expected.Length..(end < 0 ? message.Length - 1 : end)]}.");
        }

        return (message, problem.Path.Length == 0 ? Unreadable : null);
    }

    // What the key at a path is for, such as that of nodes.vote.with.threshold.
    private string? WordsOf(string path, WorkflowDefinition? workflow)
    {
        var parts = path.Split('.');
        var key = parts[^1].Split('[')[0];
        return parts switch
        {
            ["nodes", var id, "with", _, ..] => Words(parts[3].Split('[')[0], Key(workflow, id, parts[3].Split('[')[0])?.Description),
            ["budget", _] or ["nodes", _, "budget", _] => Words(key, Member(typeof(BudgetPolicy), key)),
            ["nodes", _, _] => Words(key, Member(typeof(NodeDefinition), key)),
            ["defaults", _] => Words(key, Member(typeof(WorkflowDefaults), key)),
            ["defaults", "retry", _] => Words(key, Member(typeof(RetryPolicy), key)),
            ["defaults", "timeout", _] => Words(key, Member(typeof(TimeoutPolicy), key)),
            ["nodes", _, "retry", _] => Words(key, Member(typeof(RetryPolicy), key)),
            ["nodes", _, "timeout", _] => Words(key, Member(typeof(TimeoutPolicy), key)),
            ["agents", _, _] => Words(key, Member(typeof(AgentDefinition), key)),
            [_] => Words(key, Member(typeof(WorkflowDefinition), key)),
            _ => null,
        };
    }

    private WithKey? Key(WorkflowDefinition? workflow, string id, string key) =>
        shapes.Find(workflow?.Nodes?.GetValueOrDefault(id)?.Type)?.Rules.With.FirstOrDefault(known => known.Name == key);

    private static string? Member(Type type, string key) =>
        type.GetProperties().FirstOrDefault(property => property.GetCustomAttribute<DataMemberAttribute>()?.Name == key) is { } found ? ContractWords.Of(found) : null;

    private static string? Words(string key, string? description) => description is null ? null : $"'{key}' is: {description.TrimEnd('.')}.";
}

using System.Globalization;
using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>The budgets of a session, and what it asks about them: a fold of its log.</summary>
/// <remarks>It asks about one budget at a time. Its prompts have names that no node's has, in the order in which they are asked.</remarks>
internal sealed class SessionBudgets
{
    // No id of a node has this character.
    private const string Names = "budget#";

    private readonly List<BudgetState> _all = [];

    /// <summary>All of them, that of the session first.</summary>
    public IReadOnlyList<BudgetState> All => _all;

    /// <summary>What is asked; null when nothing is.</summary>
    public Prompt? Prompt { get; private set; }

    /// <summary>About which budget is asked; null when nothing is.</summary>
    public BudgetState? Asked { get; private set; }

    /// <summary>The name of the next prompt.</summary>
    public string NextPromptId => string.Create(CultureInfo.InvariantCulture, $"{Names}{Asks + 1}");

    /// <summary>When the time of one of them is used up, or nearly, UTC, as long as the session goes on; null: never.</summary>
    public DateTime? Due
    {
        get
        {
            DateTime? due = null;
            foreach (var budget in _all)
            {
                if (budget.Due is { } at && !(at > due)) due = at;
            }

            return due;
        }
    }

    private int Asks { get; set; }

    /// <summary>Whether a prompt of this name was asked, and is not any more.</summary>
    public bool IsOver(string promptId) => promptId != Prompt?.PromptId && Number(promptId) is { } number && number <= Asks;

    /// <summary>Whether words answer what the session has asked.</summary>
    public static bool IsAnswer(PromptAnswer? answer) => answer?.PromptId is not null;

    /// <summary>Adds one.</summary>
    public void Add(BudgetState budget) => _all.Add(budget);

    /// <summary>Folds in what a call of a node has consumed: it counts for the node, for all in whose bodies that is, and for the session.</summary>
    public void Count(TokenUsage usage, SessionState session)
    {
        if (_all.Count == 0) return;
        if (_all[0] is { Node: null } whole) whole.Add(usage);
        for (var node = session.Find(usage.NodeId)?.Node; node is not null; node = node.Loop) session[node].Budget?.Add(usage);
    }

    /// <summary>Folds in a warning.</summary>
    public void Warn(ExecutionError warning) => Find(warning.NodeId)?.Warn();

    /// <summary>Folds in what is asked.</summary>
    public void Ask(Prompt prompt)
    {
        Prompt = prompt;
        Asked = Find(BudgetPrompt.NodeOf(prompt));
        Asks = Math.Max(Asks, Number(prompt.PromptId) ?? 0);
    }

    /// <summary>Folds in an answer.</summary>
    public void Answer(PromptAnswer answer)
    {
        if (answer.PromptId != Prompt?.PromptId) return;
        if (answer.Action == PromptAction.Raise && answer.Data is { } by) Asked?.Raise(BudgetPrompt.Read(by));
        Close();
    }

    /// <summary>Folds in that the session goes on, or ends: nothing is asked any more.</summary>
    public void Close() => (Prompt, Asked) = (null, null);

    private static int? Number(string promptId) =>
        promptId.StartsWith(Names, StringComparison.Ordinal) && int.TryParse(promptId.AsSpan(Names.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private BudgetState? Find(string? nodeId) => _all.Find(budget => budget.Node?.Id == nodeId);
}
